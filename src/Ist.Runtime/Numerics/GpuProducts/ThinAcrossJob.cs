using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A product of at most eight rows with B as it is: a group computes 128 columns, four a lane. Its warps share the terms, each every eighth, so
/// every element of B is read once; the sums of the warps are added in their order.
/// </summary>
/// <param name="target">Receives the sums.</param>
/// <param name="a">The left factor.</param>
/// <param name="b">The right one.</param>
/// <param name="n">Columns.</param>
/// <param name="k">Terms of a sum.</param>
/// <param name="length">Those of a part.</param>
/// <param name="whole">Whether four columns of B may be read at once.</param>
internal readonly struct ThinAcrossJob<TSums>(ProductTarget target, ThinOperand a, ThinOperand b, int n, int k, int length, int whole) : IGpuJob
    where TSums : struct, IThinSums<TSums>
{
    /// <summary>Columns of a group.</summary>
    public const int Columns = 4 * Lane.Count;

    private const int Warps = ProductPlan.Threads / Lane.Count;

    /// <summary>Bytes of shared memory that a launch takes.</summary>
    public static int SharedBytes => TSums.Rows * ProductPlan.Threads * 4 * sizeof(float);

    public void Execute()
    {
        ArrayView<Quad> shared = SharedMemory.GetDynamic<float>().Cast<Quad>();
        int column = Grid.IdxX * Columns + 4 * Lane.Index, begin = Grid.IdxZ * length, end = IntrinsicMath.Min(k, begin + length);
        bool fours = whole != 0 && column + 4 <= n;
        TSums sums = default;
        int deep = begin + Lane.Warp;
        for (; deep + 3 * Warps < end; deep += 4 * Warps)
        {
            // All four are on their way before the first is used.
            Quad b0 = Read(fours, column, deep), b1 = Read(fours, column, deep + Warps);
            Quad b2 = Read(fours, column, deep + 2 * Warps), b3 = Read(fours, column, deep + 3 * Warps);
            sums = sums.With(a, deep, b0).With(a, deep + Warps, b1).With(a, deep + 2 * Warps, b2).With(a, deep + 3 * Warps, b3);
        }
        for (; deep < end; deep += Warps)
            sums = sums.With(a, deep, Read(fours, column, deep));
        sums.Store(shared.SubView(Group.IdxX), ProductPlan.Threads);
        Group.Barrier();
        int row = Lane.Warp;
        if (row >= TSums.Rows)
            return;
        Quad sum = shared[row * ProductPlan.Threads + Lane.Index];
        for (int warp = 1; warp < Warps; warp++)
            sum += shared[row * ProductPlan.Threads + warp * Lane.Count + Lane.Index];
        target.Put(sum, row, column);
    }

    private Quad Read(bool fours, int column, int deep) =>
        fours ? b.Four(column, deep) : new Quad(b.One(column, deep), b.One(column + 1, deep), b.One(column + 2, deep), b.One(column + 3, deep));
}
