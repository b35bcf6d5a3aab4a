using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Running;

namespace Ist.Benchmarks;

/// <summary>10^9 floating-point operations a second of a matrix product, from the benchmark's <see cref="ProductShape"/> and its mean time.</summary>
public sealed class GigaflopsColumn() : RateColumn("GFLOP/s", "2 m n k / mean time")
{
    /// <inheritdoc/>
    protected override double Rate(BenchmarkCase benchmarkCase, Statistics nanoseconds)
    {
        var shape = (ProductShape)benchmarkCase.Parameters[nameof(MatrixProductBenchmarks.Shape)];
        return 2.0 * shape.M * shape.N * shape.K / nanoseconds.Mean;
    }
}
