using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Running;
using Ist.Runtime.Tensors;

namespace Ist.Benchmarks;

/// <summary>10^9 bytes of weights a second that <see cref="RowProductBenchmarks"/> reads, by the quickest run.</summary>
public sealed class BandwidthColumn() : RateColumn("GB/s", "Bytes of the weight / least time")
{
    /// <inheritdoc/>
    protected override double Rate(BenchmarkCase benchmarkCase, Statistics nanoseconds) =>
        RowProductBenchmarks.Bytes((DType)benchmarkCase.Parameters[nameof(RowProductBenchmarks.Stored)]) / nanoseconds.Min;
}
