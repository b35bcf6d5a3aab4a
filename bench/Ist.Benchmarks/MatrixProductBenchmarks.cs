using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Benchmarks;

/// <summary>Matrix products: squares, and those of a fine-tuning step.</summary>
[MemoryDiagnoser]
[Config(typeof(Columns))]
public unsafe class MatrixProductBenchmarks
{
    private CpuDevice _cpu = null!;
    private float* _a;
    private float* _b;
    private float* _c;

    /// <summary>What to multiply.</summary>
    [ParamsSource(nameof(Shapes))]
    public ProductShape Shape { get; set; } = null!;

    /// <summary>How many threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Squares; a forward and a backward product of a LLaMA of 134M; LoRA's at rank 8; a row, as generation has it.</summary>
    public static IEnumerable<ProductShape> Shapes =>
    [
        new("square", 256, 256, 256, DType.F32, false),
        new("square", 512, 512, 512, DType.F32, false),
        new("square", 1024, 1024, 1024, DType.F32, false),
        new("square", 2048, 2048, 2048, DType.F32, false),
        new("forward", 1024, 2048, 768, DType.BF16, true),
        new("backward", 1024, 768, 2048, DType.BF16, false),
        new("LoRA down", 1024, 8, 768, DType.F32, true),
        new("LoRA up", 1024, 768, 8, DType.F32, true),
        new("row", 1, 2048, 4096, DType.BF16, true),
    ];

    /// <summary>Allocates the matrices.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _cpu = new CpuDevice(Threads);
        _a = RandomNumbers.Allocate(_cpu, (long)Shape.M * Shape.K);
        _b = RandomNumbers.Allocate(_cpu, (long)Shape.K * Shape.N);
        _c = RandomNumbers.Allocate(_cpu, (long)Shape.M * Shape.N);
        FloatConverter.Narrow(new ReadOnlySpan<float>(_b, Shape.K * Shape.N).ToArray(), Shape.DType, _b);
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _cpu.Free(_a);
        _cpu.Free(_b);
        _cpu.Free(_c);
        _cpu.Dispose();
    }

    /// <summary>C = A B.</summary>
    [Benchmark]
    public void Multiply() => MatrixProduct.Multiply(
        _cpu, Into.Set, 1, _c, Shape.N, Shape.M, Shape.N, Shape.K, MatrixOperand.Plain(_a, Shape.K),
        Shape.TurnsB ? new MatrixOperand(_b, Shape.DType, 1, Shape.K) : new MatrixOperand(_b, Shape.DType, Shape.N, 1));

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new GigaflopsColumn()).WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(40));
    }
}
