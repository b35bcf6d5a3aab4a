using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>
/// Products on tensor cores beside double precision. What rounding costs is known: the reference has the factors rounded, each once, so what is
/// left is the rounding of sums, and an element in the wrong place can't hide in the tolerance.
/// </summary>
[Collection(GpuCollection.Name)]
public sealed class TensorProductTests(GpuFixture fixture)
{
    /// <summary>Measured: 1.1 units.</summary>
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 128, 128, 32)]
    [InlineData(1, 130, 136, 72)]
    [InlineData(1, 67, 33, 45)]
    [InlineData(3, 20, 140, 80)]
    public void BFloat16_of_every_layout_is_the_reference(int parts, int m, int n, int k)
    {
        foreach ((bool turnedA, bool turnedB, DType dtype) in new[]
            { (false, false, DType.BF16), (false, true, DType.BF16), (true, false, DType.F16), (true, true, DType.F32) })
        {
            using var test = new GpuTest(fixture, new KernelTest(1, 1));
            new ProductCase(test, m, n, k, turnedA, turnedB, dtype, value => (BFloat16)value).Check(new ProductPlan(ProductKernel.BFloat16, parts), 4);
        }
    }

    /// <summary>Measured: 1.2 units.</summary>
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 128, 128, 16)]
    [InlineData(1, 130, 136, 40)]
    [InlineData(2, 67, 33, 45)]
    public void TF32_of_every_layout_is_the_reference(int parts, int m, int n, int k)
    {
        foreach ((bool turnedA, bool turnedB, DType dtype) in new[]
            { (false, false, DType.F32), (false, true, DType.BF16), (true, false, DType.F16), (true, true, DType.F32) })
        {
            using var test = new GpuTest(fixture, new KernelTest(1, 1));
            new ProductCase(test, m, n, k, turnedA, turnedB, dtype, TF32).Check(new ProductPlan(ProductKernel.TF32, parts), 4);
        }
    }

    // To 10 bits of fraction, ties away from 0.
    internal static float TF32(float value) => BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(value) + 0x1000) & ~0x1fffu);
}
