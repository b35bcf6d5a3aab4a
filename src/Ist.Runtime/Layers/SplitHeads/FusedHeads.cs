using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of the layers that split a fused projection. A fused row is <c>groups</c> times a part of the query, one of the key and
/// one of the value; in the split rows the parts of all groups stand side by side.
/// </summary>
internal static unsafe partial class FusedHeads
{
    /// <summary>Queries, keys and values are copied out of fused rows.</summary>
    public static void Split(Run run, float* query, float* key, float* value, float* fused, int groups, int queryWidth, int keyWidth)
    {
        if (run.Gpu is { } gpu)
        {
            Split(gpu, query, key, value, fused, run.Rows, groups, queryWidth, keyWidth);
            return;
        }
        run.Cpu.For(
            RowTasks.Count(run.Rows, queryWidth + 2 * keyWidth),
            new SplitJob(query, key, value, fused, run.Rows, groups, queryWidth, keyWidth));
    }

    /// <summary>Fused rows are set to, or added to, from queries, keys and values.</summary>
    public static void Join(Run run, Into into, float* fused, float* query, float* key, float* value, int groups, int queryWidth, int keyWidth)
    {
        if (run.Gpu is { } gpu)
        {
            Join(gpu, into, fused, query, key, value, run.Rows, groups, queryWidth, keyWidth);
            return;
        }
        run.Cpu.For(
            RowTasks.Count(run.Rows, queryWidth + 2 * keyWidth),
            new JoinJob(into, fused, query, key, value, run.Rows, groups, queryWidth, keyWidth));
    }
}
