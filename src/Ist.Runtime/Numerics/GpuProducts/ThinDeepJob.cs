using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A product of at most eight rows with B turned, as a linear layer's weight is stored: a group computes four columns. Its threads share the
/// terms, eight at a time, so every weight is read once and 16 bytes at once; sums of lanes and then of warps are added in a fixed order.
/// </summary>
/// <param name="target">Receives the sums.</param>
/// <param name="a">The left factor.</param>
/// <param name="b">The right one.</param>
/// <param name="k">Terms of a sum.</param>
/// <param name="length">Those of a part, a multiple of 8.</param>
/// <param name="whole">Whether eight terms of both lie at a multiple of 16 bytes.</param>
internal readonly struct ThinDeepJob<TSums>(ProductTarget target, ThinOperand a, ThinOperand b, int k, int length, int whole) : IGpuJob
    where TSums : struct, IThinSums<TSums>
{
    /// <summary>Columns of a group.</summary>
    public const int Columns = 4;

    // Terms of a thread at once, warps at most.
    private const int Terms = 8, Warps = ProductPlan.Threads / Lane.Count;

    /// <summary>Threads that sums of so many terms keep busy.</summary>
    public static int Threads(int k) => Math.Clamp(MatrixProduct.RoundUp((k + Terms - 1) / Terms, Lane.Count), Lane.Count, ProductPlan.Threads);

    public void Execute()
    {
        ArrayView<Quad> shared = SharedMemory.Allocate<float>(4 * 8 * Warps).Cast<Quad>();
        int column = Grid.IdxX * Columns, begin = Grid.IdxZ * length, end = IntrinsicMath.Min(k, begin + length);
        TSums sums = default;
        for (int deep = begin + Terms * Group.IdxX; deep < end; deep += Terms * Group.DimX)
        {
            if (whole != 0 && deep + Terms <= end)
            {
                Octet b0 = b.Eight(column, deep), b1 = b.Eight(column + 1, deep), b2 = b.Eight(column + 2, deep), b3 = b.Eight(column + 3, deep);
                sums = sums.With(a, deep, new QuadBlock { A = b0.First, B = b1.First, C = b2.First, D = b3.First });
                sums = sums.With(a, deep + 4, new QuadBlock { A = b0.Second, B = b1.Second, C = b2.Second, D = b3.Second });
                continue;
            }
            for (int at = deep; at < deep + Terms && at < end; at++)
                sums = sums.With(a, at, new Quad(b.One(column, at), b.One(column + 1, at), b.One(column + 2, at), b.One(column + 3, at)));
        }
        sums = sums.SumOfWarp();
        if (Lane.Index == 0)
            sums.Store(shared.SubView(Lane.Warp), Warps);
        Group.Barrier();
        int row = Group.IdxX;
        if (row >= TSums.Rows)
            return;
        Quad sum = shared[row * Warps];
        for (int warp = 1; warp < Group.DimX / Lane.Count; warp++)
            sum += shared[row * Warps + warp];
        target.Put(sum, row, column);
    }
}
