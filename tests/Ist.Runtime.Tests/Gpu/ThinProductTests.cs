using Ist.Runtime.Devices;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Products of at most eight rows beside double precision.</summary>
[Collection(GpuCollection.Name)]
public sealed class ThinProductTests(GpuFixture fixture)
{
    /// <summary>Measured: 0.6 units.</summary>
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 1, 10, 2312)]
    [InlineData(1, 1, 129, 45)]
    [InlineData(3, 1, 132, 101)]
    [InlineData(1, 8, 9, 2080)]
    [InlineData(1, 5, 130, 47)]
    [InlineData(2, 7, 8, 72)]
    public void Products_of_every_layout_are_the_references(int parts, int m, int n, int k) =>
        Check(new ProductPlan(ProductKernel.Thin, parts), m, n, k, [DType.F32, DType.BF16, DType.F16, DType.F32, DType.BF16, DType.F16, DType.F32], value => value);

    /// <summary>Measured: 0.6 units.</summary>
    [Theory]
    [InlineData(Precision.BF16, 1, 12, 72)]
    [InlineData(Precision.BF16, 4, 33, 45)]
    [InlineData(Precision.TF32, 1, 33, 45)]
    [InlineData(Precision.TF32, 4, 12, 72)]
    public void Factors_are_rounded_as_for_tensor_cores(Precision precision, int m, int n, int k) => Check(
        new ProductPlan(ProductKernel.Thin, 1, precision), m, n, k, [DType.F32, DType.F16, DType.BF16, DType.F32],
        value => precision == Precision.BF16 ? (BFloat16)value : TensorProductTests.TF32(value));

    private void Check(ProductPlan plan, int m, int n, int k, DType[] dtypes, Func<float, float> rounded)
    {
        for (int i = 0; i < dtypes.Length; i++)
        {
            using var test = new GpuTest(fixture, new KernelTest(1, 1));
            // B turned at first and last, A turned in between.
            new ProductCase(test, m, n, k, turnedA: i % 4 >= 2, turnedB: i % 2 == 0, dtypes[i], rounded).Check(plan, 2);
        }
    }
}
