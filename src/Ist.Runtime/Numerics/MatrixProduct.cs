using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// C[m, n] = or += alpha A[m, k] B[k, n] in F32 on all threads; B may be stored in BF16 or F16 and is widened while it is
/// packed. Every element is the sum over panels of 256, each summed in order by fused multiply-adds, so its bits do not
/// depend on the number of threads, the width of the machine's vectors or the other rows and columns. After Goto and van de
/// Geijn, "Anatomy of high-performance matrix multiplication" (2008).
/// </summary>
internal static unsafe partial class MatrixProduct
{
    // What one thread does in some microseconds is not worth waking another for.
    internal const long AloneUpTo = 1L << 15;

    // So that a thread that is held up leaves tasks to the others.
    internal const int TasksPerThread = 4;

    /// <summary>
    /// C = or += alpha A B, on the run's device: its processor, or its GPU, where factors of the base model's products are rounded as the run says.
    /// </summary>
    public static void Multiply(
        Run run, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b, WorkKind kind = WorkKind.Weights)
    {
        Precision precision = kind == WorkKind.Weights ? run.Precision : Precision.F32;
        if (run.Gpu is not { } gpu)
        {
            Multiply(run.Cpu, into, alpha, c, ldc, m, n, k, a, b, kind);
            return;
        }
        gpu.Profile?.EnterProduct(kind, m, n, k);
        if (gpu.Cublas is { } cublas && LibraryPlan.Of(cublas.LeastWork, precision, kind, m, n, k, a.DType, b.DType, BFloat16Address.Is(c)) is { } plan)
            Multiply(gpu, cublas, plan, into, alpha, c, ldc, m, n, k, a, b);
        else
            Multiply(gpu, ProductPlan.Of(precision, m, n, k, a.ColumnStride != 1, b.RowStride == 1, HasFours(a, m, k) && HasFours(b, k, n), gpu.HasCapability8), into, alpha, c, ldc, m, n, k, a, b);
        gpu.Profile?.LeaveProduct();
    }

    /// <summary>C = or += alpha A B.</summary>
    /// <param name="cpu">The threads.</param>
    /// <param name="into">Whether C is set or added to.</param>
    /// <param name="alpha">Scales the product.</param>
    /// <param name="c">[m, n]; overlaps neither A nor B.</param>
    /// <param name="ldc">Floats from one row of C to the next.</param>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Columns of B.</param>
    /// <param name="k">Columns of A, rows of B; at least 1.</param>
    /// <param name="a">[m, k], F32.</param>
    /// <param name="b">[k, n], F32, BF16 or F16.</param>
    /// <param name="kind">What it is for, where work is counted.</param>
    public static void Multiply(
        CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b,
        WorkKind kind = WorkKind.Weights)
    {
        if (m <= 0 || n <= 0)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (cpu.Counter is { } counter)
        {
            counter.Add(kind, 2L * m * n * k);
            return;
        }
        if (a.DType != DType.F32)
            throw new NotSupportedException($"The left factor of a product is F32, not {a.DType}.");
        cpu.Profile?.EnterProduct(kind, m, n, k);
        Compute(cpu, into, alpha, c, ldc, m, n, k, a, b);
        cpu.Profile?.LeaveProduct();
    }

    /// <summary>C = or += A B with a model's weight B, and an adapter's product of the same A beside it; both with the bits that they have alone.</summary>
    public static void Multiply(Run run, Into into, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b, NarrowProduct beside)
    {
        if (beside.Columns > 0 && run.Gpu is null && run.Cpu.Counter is null && SharedProduct.Suits(m, n, k, beside))
        {
            CpuDevice cpu = run.Cpu;
            cpu.Profile?.EnterProduct(WorkKind.Weights, m, n + beside.Columns, k);
            Large(cpu, into, 1, c, ldc, m, n, k, a, b, beside);
            cpu.Profile?.LeaveProduct();
            return;
        }
        Multiply(run, into, 1, c, ldc, m, n, k, a, b);
        if (beside.Columns > 0)
            Multiply(run, Into.Set, beside.Alpha, beside.C, beside.Columns, m, beside.Columns, k, a, beside.B, WorkKind.Adapters);
    }

    private static void Compute(
        CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        if (RowProduct.Suits(m, a, b))
        {
            RowProduct.Multiply(cpu, into, alpha, c, ldc, m, n, k, a, b);
            return;
        }
        if (FewRowsProduct.Suits(m, n, a, b))
        {
            FewRowsProduct.Multiply(cpu, into, alpha, c, ldc, m, n, k, a, b);
            return;
        }
        if (FewColumnsProduct.Suits(m, n, a))
        {
            FewColumnsProduct.Multiply(cpu, into, alpha, c, ldc, m, n, k, a, b);
            return;
        }
        long work = (long)m * n * k;
        if (SharedProduct.Suits(m, n, k))
        {
            Large(cpu, into, alpha, c, ldc, m, n, k, a, b, default);
            return;
        }
        int rows = Math.Min(m, BlockProduct.BlockRows), columns = n;
        int tasks = work <= AloneUpTo || cpu.Threads == 1 ? 1 : TasksPerThread * cpu.Threads;
        while (Blocks(m, rows) * Blocks(n, columns) < tasks && columns > MicroKernel.MostColumns)
            columns = RoundUp((columns + 1) / 2, MicroKernel.MostColumns);
        while (Blocks(m, rows) * Blocks(n, columns) < tasks && rows > 2 * MicroKernel.Rows)
            rows = RoundUp((rows + 1) / 2, MicroKernel.Rows);
        if (tasks == 1)
            rows = m;
        var job = new Job(cpu.Scratches, into, alpha, c, ldc, m, n, k, a, b, rows, columns);
        cpu.For(checked((int)(Blocks(m, rows) * Blocks(n, columns))), job);
    }

    private static void Large(
        CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b, NarrowProduct beside)
    {
        if (UnsharedProduct.Suits(cpu.Threads, m, b))
            UnsharedProduct.Multiply(cpu, into, alpha, c, ldc, m, n, k, a, b, beside);
        else
            SharedProduct.Multiply(cpu, into, alpha, c, ldc, m, n, k, a, b, beside);
    }

    /// <summary>How many pieces of a size cover a length.</summary>
    internal static long Blocks(int length, int size) => (length + (long)size - 1) / size;

    /// <summary>The next multiple.</summary>
    internal static int RoundUp(int length, int multiple) => (length + multiple - 1) / multiple * multiple;

    private readonly struct Job(
        float** scratches, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b, int rows, int columns)
        : IMeasuredJob
    {
        public JobWork Work => new(2.0 * m * n * k, (double)m * k * sizeof(float) + (double)k * n * b.ElementSize + (double)m * n * sizeof(float));

        public void Execute(int task, int worker)
        {
            int across = (int)Blocks(n, columns);
            int row = task / across * rows, column = task % across * columns;
            BlockProduct.Multiply(
                scratches[worker], into, alpha, c + (long)row * ldc + column, ldc, Math.Min(rows, m - row), Math.Min(columns, n - column), k,
                a.From(row, 0), b.From(0, column));
        }
    }
}
