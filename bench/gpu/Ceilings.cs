using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.GpuBench;

/// <summary>What the card gives at most, measured on it.</summary>
/// <param name="BytesPerSecond">Bytes read and written by a copy.</param>
/// <param name="OperationsPerSecond">F32 operations of multiply-adds in registers.</param>
internal sealed record Ceilings(double BytesPerSecond, double OperationsPerSecond)
{
    private const int Threads = 256;

    /// <summary>Measures them.</summary>
    /// <param name="device">The card.</param>
    /// <param name="quads">Values that are copied, in fours: more than the card's caches hold, where it is a real one.</param>
    /// <param name="rounds">Rounds of multiply-adds.</param>
    /// <param name="seconds">Seconds that a measurement takes.</param>
    public static unsafe Ceilings Of(IlgpuDevice device, int quads, int rounds, double seconds)
    {
        int groups = quads / Threads;
        Quad* x = (Quad*)device.Allocate((long)quads * sizeof(Quad)), y = (Quad*)device.Allocate((long)quads * sizeof(Quad));
        var copy = new CopyJob(device.View(y, quads), device.View(x, quads));
        var fma = new FmaJob(device.View(y, quads), rounds);
        double copied = Measured.Seconds(device, seconds, () => device.For(groups, Threads, copy)), computed = Measured.Seconds(device, seconds, () => device.For(groups, Threads, fma));
        device.Free(x);
        device.Free(y);
        return new Ceilings(2.0 * quads * sizeof(Quad) / copied, (double)FmaJob.Operations * rounds * quads / computed);
    }
}
