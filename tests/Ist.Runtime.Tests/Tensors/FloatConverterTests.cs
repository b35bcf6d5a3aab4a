using CsCheck;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Tensors;

public unsafe class FloatConverterTests
{
    private static readonly ushort[] _allBits = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];

    [Fact]
    public void Every_half_widens_to_the_value_that_the_framework_gives()
    {
        Half[] halves = Array.ConvertAll(_allBits, BitConverter.UInt16BitsToHalf);
        float[] widened = new float[halves.Length];
        FloatConverter.Widen(halves, widened);
        for (int i = 0; i < halves.Length; i++)
            AssertSame((float)halves[i], widened[i]);
    }

    [Fact]
    public void Every_bfloat16_widens_to_its_bits_followed_by_zeros_and_narrows_back()
    {
        BFloat16[] values = Array.ConvertAll(_allBits, b => new BFloat16(b));
        float[] widened = new float[values.Length];
        FloatConverter.Widen(values, widened);
        BFloat16[] narrowed = new BFloat16[values.Length];
        FloatConverter.Narrow(widened, narrowed);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal((uint)_allBits[i] << 16, BitConverter.SingleToUInt32Bits(widened[i]));
            Assert.Equal(float.IsNaN(widened[i]) ? (ushort)(_allBits[i] | 0x40) : _allBits[i], narrowed[i].Bits);
        }
    }

    [Theory]
    [InlineData(0x3f808000u, 0x3f80)] // half-way, to even: down
    [InlineData(0x3f818000u, 0x3f82)] // half-way, to even: up
    [InlineData(0x3f808001u, 0x3f81)] // above half-way
    [InlineData(0x7f7fffffu, 0x7f80)] // the largest float rounds to infinity
    [InlineData(0xff800000u, 0xff80)]
    [InlineData(0x7f800001u, 0x7fc0)] // a NaN whose fraction would be cut off
    [InlineData(0xffffffffu, 0xffff)] // a NaN whose rounding would overflow
    [InlineData(0x80000000u, 0x8000)]
    public void Bfloat16_rounds_to_nearest_even(uint bits, int expected)
    {
        float value = BitConverter.UInt32BitsToSingle(bits);
        Assert.Equal(expected, ((BFloat16)value).Bits);
        float[] row = new float[67];
        Array.Fill(row, value);
        BFloat16[] narrowed = new BFloat16[row.Length];
        FloatConverter.Narrow(row, narrowed);
        Assert.All(narrowed, b => Assert.Equal(expected, b.Bits));
    }

    [Fact]
    public void Narrowing_any_floats_agrees_with_the_framework_and_the_scalar_rule()
    {
        // The middle third are numbers about as small as halves can be, denormal ones among them.
        Gen<uint> bits = Gen.OneOf(Gen.UInt, Gen.UInt[0x33000000u, 0x38ffffffu], Gen.UInt[0x477f0000u, 0x47800fffu]);
        Gen.Select(bits, Gen.Bool, (b, negative) => BitConverter.UInt32BitsToSingle(negative ? b | 0x80000000 : b)).Array[0, 200].Sample(values =>
        {
            Half[] halves = new Half[values.Length];
            BFloat16[] brains = new BFloat16[values.Length];
            FloatConverter.Narrow(values, halves);
            FloatConverter.Narrow(values, brains);
            for (int i = 0; i < values.Length; i++)
            {
                AssertSame((float)(Half)values[i], (float)halves[i]);
                Assert.Equal(((BFloat16)values[i]).Bits, brains[i].Bits);
            }
        }, iter: 500, threads: 1);
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F64)]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    public void Narrow_then_widen_keeps_small_whole_numbers(DType dtype)
    {
        float[] values = [.. Enumerable.Range(-20, 41).Select(i => (float)i)];
        float[] back = new float[values.Length];
        byte[] stored = new byte[values.Length * dtype.BitSize / 8];
        fixed (byte* p = stored)
        {
            FloatConverter.Narrow(values, dtype, p);
            FloatConverter.Widen(dtype, p, back);
        }
        Assert.Equal(values, back);
    }

    [Fact]
    public void Integers_are_not_converted()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FloatConverter.Widen(DType.I64, null, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => FloatConverter.Narrow([], DType.I64, null));
    }

    private static void AssertSame(float expected, float actual)
    {
        if (float.IsNaN(expected))
            Assert.True(float.IsNaN(actual));
        else
            Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(actual));
    }
}
