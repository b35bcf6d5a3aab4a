namespace Ist.Runtime.Devices;

/// <summary>
/// Counts the floating point operations of a pass that a device without kernels is given (<see cref="CpuDevice.Counting"/>): those of
/// matrix products and attention, a multiplication and an addition as two. What else a layer does grows with its values alone, not with
/// their products, and is not counted.
/// </summary>
/// <param name="layers">Layers of the stack.</param>
public sealed class WorkCounter(int layers)
{
    private static readonly int _kinds = Enum.GetValues<WorkKind>().Length;

    private readonly long[] _counts = new long[(layers + 1) * _kinds];

    /// <summary>Layers of the stack.</summary>
    public int Layers => layers;

    /// <summary>Says which layer is at work; the run of the pass.</summary>
    public Run? Run { get; set; }

    /// <summary>Operations of a kind in a layer, or outside the stack where that is -1.</summary>
    public long this[int layer, WorkKind kind] => _counts[(layer + 1) * _kinds + (int)kind];

    /// <summary>Operations of a layer, or outside the stack where that is -1.</summary>
    public long Of(int layer) => Enum.GetValues<WorkKind>().Sum(kind => this[layer, kind]);

    /// <summary>Adds operations to the layer at work.</summary>
    public void Add(WorkKind kind, long operations) => _counts[((Run?.Layer ?? -1) + 1) * _kinds + (int)kind] += operations;
}
