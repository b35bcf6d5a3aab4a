using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// How many places each expert has in the tables of routes that stand on a GPU: all that the host is told of them, since it launches the
/// kernels of each expert's rows. Counts belong to the memory of a table and are those of what was written there last.
/// </summary>
internal sealed unsafe class RouteCounts
{
    private readonly Dictionary<nint, int[]> _counts = [];

    /// <summary>The counts of a table; memory is taken the first time.</summary>
    public int[] Of(Ids<Routes> routes, int experts)
    {
        if (!_counts.TryGetValue((nint)routes.Data, out int[]? counts) || counts.Length != experts)
            _counts[(nint)routes.Data] = counts = new int[experts];
        return counts;
    }
}
