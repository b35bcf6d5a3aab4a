using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class MatrixProduct
{
    /// <summary>C = or += alpha A B on a GPU, in a given way.</summary>
    internal static void Multiply(
        IlgpuDevice gpu, ProductPlan plan, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        if (m <= 0 || n <= 0)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (plan.TakesCopies)
            MultiplyCopies(gpu, plan, into, alpha, c, ldc, m, n, k, a, b);
        else
            MultiplyParts(gpu, plan, into, alpha, c, ldc, m, n, k, a, b);
    }

    /// <summary>What a product computes and moves; C is read where it is added to.</summary>
    internal static JobWork Work(Into into, float* c, int m, int n, int k, MatrixOperand a, MatrixOperand b) => new(
        2.0 * m * n * k, (double)m * k * a.ElementSize + (double)k * n * b.ElementSize + (into == Into.Add ? 2.0 : 1.0) * m * n * (BFloat16Address.Is(c) ? sizeof(ushort) : sizeof(float)));

    private static void MultiplyParts(
        IlgpuDevice gpu, ProductPlan plan, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        int aligned = Quads.Align((long)c | ldc * (long)sizeof(float));
        var target = new ProductTarget(gpu.Values(c, (long)m * ldc), ldc, m, n, alpha, (int)into, 0, aligned);
        // Every part has terms: fewer of them where tiles leave some without.
        int length = RoundUp((int)Blocks(k, plan.Parts), ProductPlan.PartMultiple), parts = (int)Blocks(k, length), width = ProductPlan.Width(n);
        JobWork work = parts == 1 ? Work(into, c, m, n, k, a, b) : Work(Into.Set, gpu.ProductParts, m, n, k, a, b);
        gpu.Profile?.Expect(work with { Bytes = work.Bytes + (parts - 1.0) * m * n * sizeof(float) });
        if (plan.Kernel == ProductKernel.FewTerms && aligned != 0 && n % 4 == 0)
        {
            LaunchFewTerms(gpu, plan.GroupRows, into, alpha, c, ldc, m, n, k, a, b);
            return;
        }
        if (parts == 1)
        {
            Launch(gpu, plan, target, parts, length, m, n, k, a, b);
            return;
        }
        ArrayView<float> sums = gpu.View(gpu.ProductParts, (long)parts * m * width);
        Launch(gpu, plan, new ProductTarget(sums, width, m, n, 1, (int)Into.Set, (long)m * width, 1), parts, length, m, n, k, a, b);
        gpu.Profile?.Expect(new JobWork(0, (parts + (into == Into.Add ? 2.0 : 1.0)) * m * n * sizeof(float)));
        gpu.For(Quads.Groups((long)m * width), Quads.ElementThreads, new PartsJob(target, sums, parts, m, width));
    }

    private static void Launch(
        IlgpuDevice gpu, ProductPlan plan, ProductTarget target, int parts, int length, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        switch (plan.Kernel)
        {
            case ProductKernel.Thin:
                LaunchThin(gpu, plan.Precision, target, parts, length, m, n, k, a, b);
                break;
            case ProductKernel.FewColumns:
                LaunchFewColumns(gpu, target, parts, length, m, n, k, a, b);
                break;
            case ProductKernel.LongSums:
                LaunchLongSums(gpu, target, parts, length, m, n, k, a, b);
                break;
            // Sums of few terms have the same order here, so it doesn't matter for them how C lies.
            case ProductKernel.FewTerms or ProductKernel.Tile64:
                gpu.For(Groups(Tile64Job.Wide), ProductPlan.Threads, new Tile64Job(
                    target, Operand(gpu, a, a.RowStride, a.ColumnStride, m, k), Operand(gpu, b, b.ColumnStride, b.RowStride, n, k), k, length));
                break;
            case ProductKernel.Single:
                OfCopies<SingleFormat>();
                break;
            case ProductKernel.TF32:
                OfCopies<TensorWarp<TF32Format>>();
                break;
            case ProductKernel.BFloat16:
                OfCopies<TensorWarp<BFloat16Format>>();
                break;
        }

        Index3D Groups(int tile) => new((int)Blocks(n, tile), (int)Blocks(m, tile), parts);

        void OfCopies<TFormat>() where TFormat : struct, IProductFormat
        {
            CopiedFactor x = Factor(a, a.RowStride, a.ColumnStride, m), y = Factor(b, b.ColumnStride, b.RowStride, n);
            switch (a.ColumnStride == 1, b.RowStride == 1)
            {
                case (true, true):
                    gpu.For(Groups(CopiedTile.Wide), CopiedTile.Threads, new CopiedTileJob<TFormat, DeepFirst, DeepFirst>(target, x, y, k, length));
                    break;
                case (true, false):
                    gpu.For(Groups(CopiedTile.Wide), CopiedTile.Threads, new CopiedTileJob<TFormat, DeepFirst, AcrossFirst>(target, x, y, k, length));
                    break;
                case (false, true):
                    gpu.For(Groups(CopiedTile.Wide), CopiedTile.Threads, new CopiedTileJob<TFormat, AcrossFirst, DeepFirst>(target, x, y, k, length));
                    break;
                case (false, false):
                    gpu.For(Groups(CopiedTile.Wide), CopiedTile.Threads, new CopiedTileJob<TFormat, AcrossFirst, AcrossFirst>(target, x, y, k, length));
                    break;
            }
        }
    }

    private static CopiedFactor Factor(MatrixOperand operand, long across, long deep, int count) => new((long)operand.Data, operand.ElementSize * (deep == 1 ? across : deep), count);

    private static ProductOperand Operand(IlgpuDevice gpu, MatrixOperand operand, long across, long deep, int acrossCount, int deepCount)
    {
        RequireLines(across, deep);
        // Four values of 16 bits are read as 8 bytes, four of 32 as 16.
        bool aligned = LinesBeginAt(4, operand, deep == 1 ? across : deep);
        return new ProductOperand(gpu.Stored(operand.Data, operand.DType, Count(across, deep, acrossCount, deepCount)), across, deep, acrossCount, aligned ? 1 : 0);
    }

    private static void RequireLines(long across, long deep)
    {
        if (across != 1 && deep != 1)
            throw new NotSupportedException("A factor on a GPU is a row-major matrix or the transpose of one.");
    }

    // From the first element to the last one.
    private static long Count(long across, long deep, int acrossCount, int deepCount) => (acrossCount - 1) * across + (deepCount - 1) * deep + 1;

    // Whether all lines of a factor's memory begin at multiples of so many elements.
    private static bool LinesBeginAt(int elements, MatrixOperand operand, long line) =>
        line % elements == 0 && (long)operand.Data % (elements * operand.ElementSize) == 0;
}
