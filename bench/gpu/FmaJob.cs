using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.GpuBench;

/// <summary>Sixteen chains of multiply-adds a thread, in registers: what F32 arithmetic gives at most.</summary>
internal readonly struct FmaJob(ArrayView<Quad> y, int rounds) : IGpuJob
{
    /// <summary>Operations of a thread in a round.</summary>
    public const int Operations = 2 * 16;

    public void Execute()
    {
        long at = (long)Grid.IdxX * Group.DimX + Group.IdxX;
        var x = Quad.Of(Group.IdxX * 1e-3f);
        (Quad a, Quad b, Quad c, Quad d) = (x, x * 2, x * 3, x * 4);
        for (int round = 0; round < rounds; round++)
        {
            a = Quad.MultiplyAdd(a, 0.999f, x);
            b = Quad.MultiplyAdd(b, 0.999f, x);
            c = Quad.MultiplyAdd(c, 0.999f, x);
            d = Quad.MultiplyAdd(d, 0.999f, x);
        }
        y[at] = a + b + (c + d);
    }
}
