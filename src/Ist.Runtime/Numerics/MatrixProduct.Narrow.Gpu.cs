using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class MatrixProduct
{
    private static void LaunchFewColumns(IlgpuDevice gpu, ProductTarget target, int parts, int length, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        if (a.DType == DType.BF16)
            Stored<BFloat16Quad>();
        else
            Stored<Quad>();

        void Stored<TStored>() where TStored : unmanaged, IStoredQuad<TStored>
        {
            switch (ProductPlan.NarrowWidth(n) == NarrowSums16.Width, b.RowStride == 1)
            {
                case (true, true):
                    Launch<NarrowSums16, DeepFirst, TStored>();
                    break;
                case (true, false):
                    Launch<NarrowSums16, AcrossFirst, TStored>();
                    break;
                case (false, true):
                    Launch<NarrowSums32, DeepFirst, TStored>();
                    break;
                case (false, false):
                    Launch<NarrowSums32, AcrossFirst, TStored>();
                    break;
            }
        }

        void Launch<TSums, TOrder, TStored>()
            where TSums : struct, INarrowSums<TSums> where TOrder : struct, ITileOrder where TStored : unmanaged, IStoredQuad<TStored> => gpu.For(
            new Index3D((int)Blocks(n, TSums.Width), (int)Blocks(m, FewColumnsJob<TSums, TOrder, TStored>.Rows), parts), ProductPlan.Threads,
            new FewColumnsJob<TSums, TOrder, TStored>(target, Factor(a, a.RowStride, a.ColumnStride, m), Whole(gpu, b, k, n), k, length),
            FewColumnsJob<TSums, TOrder, TStored>.SharedBytes);
    }

    private static void LaunchFewTerms(IlgpuDevice gpu, int groupRows, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        if (BFloat16Address.Is(c))
            Stored((BFloat16Quad*)BFloat16Address.Real(c));
        else
            Stored((Quad*)c);

        void Stored<TStored>(TStored* quads) where TStored : unmanaged, IStoredQuad<TStored>
        {
            switch (b.RowStride == 1, into)
            {
                case (true, Into.Set):
                    Launch<DeepFirst, TStored, Setting>(quads);
                    break;
                case (true, Into.Add):
                    Launch<DeepFirst, TStored, Adding>(quads);
                    break;
                case (false, Into.Set):
                    Launch<AcrossFirst, TStored, Setting>(quads);
                    break;
                case (false, Into.Add):
                    Launch<AcrossFirst, TStored, Adding>(quads);
                    break;
            }
        }

        void Launch<TOrder, TStored, TUpdate>(TStored* quads)
            where TOrder : struct, ITileOrder where TStored : unmanaged, IStoredQuad<TStored> where TUpdate : struct, IUpdate => gpu.For(
            new Index3D((int)Blocks(n, FewTermsJob<TOrder, TStored, TUpdate>.Columns), (int)Blocks(m, groupRows), 1), FewTermsJob<TOrder, TStored, TUpdate>.Threads,
            new FewTermsJob<TOrder, TStored, TUpdate>(
                gpu.View(quads, ((m - 1L) * ldc + n) / 4), ldc / 4, alpha, Whole(gpu, a, m, k), Whole(gpu, b, k, n), m, n, k, groupRows));
    }

    private static void LaunchLongSums(IlgpuDevice gpu, ProductTarget target, int parts, int length, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        if ((n <= m ? a : b).DType == DType.BF16)
            Stored<BFloat16Quad>();
        else
            Stored<Quad>();

        void Stored<TStored>() where TStored : unmanaged, IStoredQuad<TStored>
        {
            switch (ProductPlan.NarrowWidth(Math.Min(m, n)) == NarrowSums16.Width, n <= m)
            {
                case (true, true):
                    Launch<NarrowSums16, WideRows, TStored>(a, b, m, n);
                    break;
                case (true, false):
                    Launch<NarrowSums16, WideColumns, TStored>(b.Turned, a.Turned, n, m);
                    break;
                case (false, true):
                    Launch<NarrowSums32, WideRows, TStored>(a, b, m, n);
                    break;
                case (false, false):
                    Launch<NarrowSums32, WideColumns, TStored>(b.Turned, a.Turned, n, m);
                    break;
            }
        }

        void Launch<TSums, TSide, TStored>(MatrixOperand wide, MatrixOperand narrow, int wideCount, int narrowCount)
            where TSums : struct, INarrowSums<TSums> where TSide : struct, IWideSide where TStored : unmanaged, IStoredQuad<TStored> => gpu.For(
            new Index3D((int)Blocks(wideCount, LongSumsJob<TSums, TSide, TStored>.Wide), (int)Blocks(narrowCount, TSums.Width), parts), ProductPlan.Threads,
            new LongSumsJob<TSums, TSide, TStored>(target, Factor(wide, wide.RowStride, wide.ColumnStride, wideCount), Whole(gpu, narrow, k, narrowCount), k, length),
            LongSumsJob<TSums, TSide, TStored>.SharedBytes);
    }

    private static WholeFactor Whole(IlgpuDevice gpu, MatrixOperand factor, int rows, int columns)
    {
        (int lines, int length) = factor.ColumnStride == 1 ? (rows, columns) : (columns, rows);
        return new WholeFactor(gpu.View((Quad*)factor.Data, ((lines - 1) * Line(factor) + length) / 4), Line(factor) / 4, lines, length);
    }

    // Whether a factor's lines are of four elements each, as those of a WholeFactor; what else it lacks for one is made by a copy.
    private static bool HasFours(MatrixOperand factor, int rows, int columns) => (factor.ColumnStride == 1 ? columns : rows) % 4 == 0;

    private static long Line(MatrixOperand factor) => factor.ColumnStride == 1 ? factor.RowStride : factor.ColumnStride;
}
