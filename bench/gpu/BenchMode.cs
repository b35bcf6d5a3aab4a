using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.GpuBench;

/// <summary>How products are computed.</summary>
/// <param name="Precision">How their factors are rounded.</param>
/// <param name="Library">Whether cuBLAS computes the large ones.</param>
internal sealed record BenchMode(Precision Precision, bool Library)
{
    /// <summary>All of some precisions that a card has.</summary>
    public static IEnumerable<BenchMode> Of(IEnumerable<Precision> precisions, bool hasLibrary) =>
        from precision in precisions
        from library in hasLibrary ? (bool[])[false, true] : [false]
        select new BenchMode(precision, library);

    /// <summary>What tables call it.</summary>
    public string Name => Precision.ToName() + (Library ? " cuBLAS" : "");

    /// <summary>Makes a device compute so.</summary>
    /// <param name="device">The card.</param>
    /// <param name="least">Multiply-adds of a product that cuBLAS takes at least.</param>
    public void Enter(IlgpuDevice device, long least) => device.Cublas?.LeastWork = Library ? least : long.MaxValue;
}
