using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Checkpoints;

public unsafe class NonFiniteTests
{
    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    [InlineData(DType.F64)]
    public void The_first_one_is_found_wherever_it_stands(DType dtype)
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            for (int at = 0; at < 40; at++)
            {
                float[] values = [.. Enumerable.Range(0, 40).Select(i => 100f - (5 * i))];
                Assert.Equal(-1, Find(dtype, values));
                values[at] = bad;
                values[39] = bad;
                Assert.Equal(at, Find(dtype, values));
            }
        }
    }

    [Fact]
    public void Integers_are_finite()
    {
        long all = -1;
        Assert.Equal(-1, NonFinite.IndexOf(DType.I64, &all, 1));
    }

    private static long Find(DType dtype, float[] values)
    {
        byte[] stored = new byte[values.Length * dtype.BitSize / 8];
        fixed (byte* p = stored)
        {
            FloatConverter.Narrow(values, dtype, p);
            return NonFinite.IndexOf(dtype, p, values.Length);
        }
    }
}
