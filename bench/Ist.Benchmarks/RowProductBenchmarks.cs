using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Benchmarks;

/// <summary>
/// Products of few rows, as generation has them, with the head of a LLaMA of 1.1 billion parameters, beside what bounds them: a plain read
/// of the same bytes by the same threads.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(Columns))]
public unsafe class RowProductBenchmarks
{
    private const int Outputs = 32000, Inputs = 2048, MostRows = 4, Pieces = 64;

    private CpuDevice _cpu = null!;
    private byte* _weight;
    private float* _x;
    private float* _y;

    /// <summary>How W is stored.</summary>
    [Params(DType.F32, DType.BF16, DType.F16)]
    public DType Stored { get; set; }

    /// <summary>How many threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Bytes of W.</summary>
    public static long Bytes(DType stored) => (long)Outputs * Inputs * stored.BitSize / 8;

    /// <summary>Allocates the matrices.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _cpu = new CpuDevice(Threads);
        _weight = (byte*)_cpu.Allocate(Bytes(Stored));
        _x = (float*)_cpu.Allocate(MostRows * Inputs * sizeof(float));
        _y = (float*)_cpu.Allocate((long)MostRows * Outputs * sizeof(float));
        var random = new Random(1);
        foreach (ref float x in new Span<float>(_x, MostRows * Inputs))
            x = random.NextSingle() - 0.5f;
        float[] row = new float[Inputs];
        for (long output = 0; output < Outputs; output++)
        {
            foreach (ref float w in row.AsSpan())
                w = 0.1f * (random.NextSingle() - 0.5f);
            FloatConverter.Narrow(row, Stored, _weight + output * Bytes(Stored) / Outputs);
        }
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _cpu.Free(_weight);
        _cpu.Free(_x);
        _cpu.Free(_y);
        _cpu.Dispose();
    }

    /// <summary>W is read and added up.</summary>
    [Benchmark(Baseline = true)]
    public void Read() => _cpu.For(Pieces, new ReadJob(_weight, Bytes(Stored) / Pieces, (ulong*)_y));

    /// <summary>y = x W^T, of some rows.</summary>
    [Benchmark]
    [Arguments(1)]
    [Arguments(2)]
    [Arguments(3)]
    [Arguments(4)]
    public void Multiply(int rows) => MatrixProduct.Multiply(
        _cpu, Into.Set, 1, _y, Outputs, rows, Outputs, Inputs, MatrixOperand.Plain(_x, Inputs), new MatrixOperand(_weight, Stored, 1, Inputs));

    private readonly struct ReadJob(byte* from, long bytes, ulong* sums) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            byte* at = from + task * bytes, end = at + bytes;
            Vector256<ulong> s0 = default, s1 = default, s2 = default, s3 = default;
            for (; at < end; at += 128)
            {
                s0 += Vector256.Load((ulong*)at);
                s1 += Vector256.Load((ulong*)(at + 32));
                s2 += Vector256.Load((ulong*)(at + 64));
                s3 += Vector256.Load((ulong*)(at + 96));
            }
            sums[task] = Vector256.Sum(s0 + s1 + s2 + s3);
        }
    }

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new BandwidthColumn());
    }
}
