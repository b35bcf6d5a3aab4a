using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Running;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Benchmarks;

/// <summary>
/// LoRA's products of 1024 rows. The wide factor is another one each time, of as many as no cache holds, as in a step, where a layer's input was last
/// read in the forward pass.
/// </summary>
[Config(typeof(Columns))]
public unsafe class AdapterProductBenchmarks
{
    private const int Rows = 1024;
    private const long WideBytes = 256L << 20;

    private CpuDevice _cpu = null!;
    private float* _wide;
    private float* _low;
    private float* _factor;
    private int _next;

    /// <summary>r.</summary>
    [Params(8, 16, 64)]
    public int Rank { get; set; }

    /// <summary>Elements of a row of x, y and their gradients.</summary>
    [Params(1024, 2816)]
    public int Width { get; set; }

    /// <summary>How many threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    private int Copies => (int)(WideBytes / sizeof(float) / Rows / Width);

    // x, y, dx or dy.
    private float* Wide => _wide + (long)(_next = (_next + 1) % Copies) * Rows * Width;

    /// <summary>Allocates the matrices.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _cpu = new CpuDevice(Threads);
        _wide = RandomNumbers.Allocate(_cpu, (long)Copies * Rows * Width);
        _low = RandomNumbers.Allocate(_cpu, (long)Rows * Rank);
        _factor = RandomNumbers.Allocate(_cpu, (long)Rank * Width);
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _cpu.Free(_wide);
        _cpu.Free(_low);
        _cpu.Free(_factor);
        _cpu.Dispose();
    }

    /// <summary>h = x A^T, where no product of the host's weight takes it along.</summary>
    [Benchmark]
    public void Down() =>
        MatrixProduct.Multiply(_cpu, Into.Set, 1, _low, Rank, Rows, Rank, Width, MatrixOperand.Plain(Wide, Width), MatrixOperand.Transposed(_factor, Width));

    /// <summary>y += s h B^T.</summary>
    [Benchmark]
    public void Up() =>
        MatrixProduct.Multiply(_cpu, Into.Add, 1e-3f, Wide, Width, Rows, Width, Rank, MatrixOperand.Plain(_low, Rank), MatrixOperand.Transposed(_factor, Rank));

    /// <summary>dA += dh^T x.</summary>
    [Benchmark]
    public void GradientOfA() =>
        MatrixProduct.Multiply(_cpu, Into.Add, 1e-3f, _factor, Width, Rank, Width, Rows, MatrixOperand.Transposed(_low, Rank), MatrixOperand.Plain(Wide, Width));

    /// <summary>dB += s dy^T h.</summary>
    [Benchmark]
    public void GradientOfB() =>
        MatrixProduct.Multiply(_cpu, Into.Add, 1e-3f, _factor, Rank, Width, Rank, Rows, MatrixOperand.Transposed(Wide, Width), MatrixOperand.Plain(_low, Rank));

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new Gigaflops());
    }

    private sealed class Gigaflops() : RateColumn("GFLOP/s", "2 rows width rank / median time")
    {
        protected override double Rate(BenchmarkCase benchmarkCase, Statistics nanoseconds) =>
            2.0 * Rows * (int)benchmarkCase.Parameters[nameof(Width)] * (int)benchmarkCase.Parameters[nameof(Rank)] / nanoseconds.Median;
    }
}
