using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>
/// Products whose left factor and result are activations in BF16 beside double precision: each result is rounded once, so it is off by half a unit of
/// BF16 and by what sums are off, as where it is F32.
/// </summary>
[Collection(GpuCollection.Name)]
public sealed class StoredProductTests(GpuFixture fixture)
{
    /// <summary>With parts of sums, sizes that are no multiples of anything, and rows that begin anywhere.</summary>
    [Theory]
    [InlineData(nameof(ProductKernel.Thin), 1, Precision.F32, 1, 130, 41)]
    [InlineData(nameof(ProductKernel.Thin), 2, Precision.BF16, 5, 33, 64)]
    [InlineData(nameof(ProductKernel.Tile64), 1, Precision.F32, 67, 8, 45)]
    [InlineData(nameof(ProductKernel.Tile64), 3, Precision.F32, 20, 70, 96)]
    [InlineData(nameof(ProductKernel.Single), 1, Precision.F32, 67, 81, 24)]
    [InlineData(nameof(ProductKernel.BFloat16), 1, Precision.BF16, 67, 99, 45)]
    [InlineData(nameof(ProductKernel.BFloat16), 2, Precision.BF16, 64, 104, 72)]
    public void Kernels_read_and_round_activations(string kernel, int parts, Precision precision, int m, int n, int k)
    {
        foreach ((bool turnedA, bool turnedB, DType dtype) in new[] { (false, true, DType.BF16), (true, false, DType.F32) })
        {
            using var test = new GpuTest(fixture, new KernelTest(1, 1));
            new ProductCase(test, m, n, k, turnedA, turnedB, dtype, Rounding(precision), activations: DType.BF16)
                .Check(new ProductPlan(Enum.Parse<ProductKernel>(kernel), parts, precision), 4);
        }
    }

    /// <summary>A wide factor is read where it stands, a narrow one that is BF16 is copied as F32; rows of C begin at multiples of four elements.</summary>
    [Theory]
    [InlineData(nameof(ProductKernel.FewColumns), 2, 0, 34, 16, 260, false, true, DType.F32)]
    [InlineData(nameof(ProductKernel.FewColumns), 1, 0, 35, 20, 132, false, false, DType.F32)]
    [InlineData(nameof(ProductKernel.FewTerms), 1, 32, 70, 132, 12, false, true, DType.F32)]
    [InlineData(nameof(ProductKernel.FewTerms), 1, 64, 100, 140, 16, false, false, DType.BF16)]
    [InlineData(nameof(ProductKernel.LongSums), 2, 0, 132, 16, 194, true, false, DType.F32)]
    [InlineData(nameof(ProductKernel.LongSums), 1, 0, 16, 132, 131, true, false, DType.BF16)]
    public void Products_with_a_narrow_factor_read_and_round_activations(string kernel, int parts, int groupRows, int m, int n, int k, bool turnedA, bool turnedB, DType dtype)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        new ProductCase(test, m, n, k, turnedA, turnedB, dtype, value => value, activations: DType.BF16, gap: 4)
            .Check(new ProductPlan(Enum.Parse<ProductKernel>(kernel), parts, GroupRows: groupRows), 4);
    }

    /// <summary>A library puts nothing but products of BF16 into BF16. For adapters it is given copies however few columns there are, for the base model not.</summary>
    [Theory]
    [InlineData(Precision.F32, WorkKind.Adapters, 4096, DType.F32, true, 0)]
    [InlineData(Precision.BF16, WorkKind.Weights, 4096, DType.BF16, true, 4096)]
    [InlineData(Precision.F32, WorkKind.Adapters, 16, DType.BF16, false, 4096)]
    [InlineData(Precision.F32, WorkKind.Weights, 16, DType.BF16, false, 0)]
    public void A_library_takes_what_it_can_compute(Precision precision, WorkKind kind, int n, DType left, bool rounds, int rows) => Assert.Equal(
        rows == 0 ? null : new LibraryPlan(precision, rows, n),
        LibraryPlan.Of(Cublas.WorthACall, precision, kind, 4096, n, 4096, left, precision == Precision.BF16 ? DType.BF16 : DType.F32, rounds));

    private static Func<float, float> Rounding(Precision precision) => precision == Precision.BF16 ? value => (BFloat16)value : value => value;
}
