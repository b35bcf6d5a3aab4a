namespace Ist.Ptx.Tests.Instructions;

/// <summary>cvt against .NET's conversions, and against neighbours where .NET has no such rounding.</summary>
public sealed class ConvertTests
{
    private static readonly float[] _values =
        [0, -0f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 0.49999997f, 100.75f, -100.75f, 3e9f, -3e9f, 5e9f, 1e20f, -1e20f, float.NaN, float.PositiveInfinity, 1e-40f];

    [Fact]
    public void Float_to_whole_numbers_with_each_rounding()
    {
        Same<int>("cvt.rni.s32.f32", x => int.CreateSaturating(MathF.Round(x, MidpointRounding.ToEven)));
        Same<int>("cvt.rzi.s32.f32", x => int.CreateSaturating(MathF.Truncate(x)));
        Same<int>("cvt.rmi.s32.f32", x => int.CreateSaturating(MathF.Floor(x)));
        Same<int>("cvt.rpi.s32.f32", x => int.CreateSaturating(MathF.Ceiling(x)));
        Same<uint>("cvt.rzi.u32.f32", x => uint.CreateSaturating(MathF.Truncate(x)));
        Same<long>("cvt.rzi.s64.f32", x => long.CreateSaturating(MathF.Truncate(x)));
        Same<ulong>("cvt.rzi.u64.f32", x => ulong.CreateSaturating(MathF.Truncate(x)));
        void Same<T>(string instruction, Func<float, T> reference) where T : unmanaged =>
            Assert.Equal(_values.Select(reference), PtxText.Evaluate<float, T>($"{instruction} d, a;", "f32", "b", _values));
    }

    [Fact]
    public void Float_to_whole_floats()
    {
        Same("cvt.rni.f32.f32", x => MathF.Round(x, MidpointRounding.ToEven));
        Same("cvt.rzi.f32.f32", MathF.Truncate);
        Same("cvt.rmi.f32.f32", MathF.Floor);
        Same("cvt.rpi.f32.f32", MathF.Ceiling);
        void Same(string instruction, Func<float, float> reference) =>
            Assert.Equal(_values.Select(reference), PtxText.Evaluate<float, float>($"{instruction} d, a;", "f32", "f32", _values));
    }

    [Fact]
    public void Double_to_float_with_each_rounding()
    {
        double[] values = [Math.PI, -Math.PI, 1 + 1e-12, 1e300, -1e300, 1e-50, 1, 0.1, double.NaN, 3.0e-42];
        Same("cvt.rn.f32.f64", x => (float)x);
        Same("cvt.rz.f32.f64", x => Math.Abs(x) > float.MaxValue ? (float)Math.CopySign(float.MaxValue, x) : Math.Abs((float)x) > Math.Abs(x) ? Toward0((float)x) : (float)x);
        Same("cvt.rm.f32.f64", x => x > float.MaxValue ? float.MaxValue : (float)x > x ? MathF.BitDecrement((float)x) : (float)x);
        Same("cvt.rp.f32.f64", x => x < -float.MaxValue ? -float.MaxValue : (float)x < x ? MathF.BitIncrement((float)x) : (float)x);
        void Same(string instruction, Func<double, float> reference) =>
            Assert.Equal(values.Select(reference), PtxText.Evaluate<double, float>($"{instruction} d, a;", "f64", "f32", values));
        static float Toward0(float x) => x > 0 ? MathF.BitDecrement(x) : MathF.BitIncrement(x);
    }

    [Fact]
    public void Float_to_halves_and_back()
    {
        float[] values = [.. _values, .. Enumerable.Range(0, 500).Select(i => MathF.ScaleB(1.2345f, (i % 40) - 25) * (i % 2 == 0 ? 1 : -1))];
        Assert.Equal(values.Select(x => (Half)x), PtxText.Evaluate<float, Half>("cvt.rn.f16.f32 d, a;", "f32", "f16", values));
        Half[] halves = [.. values.Select(x => (Half)x)];
        Assert.Equal(halves.Select(x => (float)x), PtxText.Evaluate<Half, float>("cvt.f32.f16 d, a;", "f16", "f32", halves));
    }

    [Fact]
    public void Float_to_brain_floats_in_pairs()
    {
        float[] values = [1.00390625f, 1.01171875f, -3.3e38f, 3.4e38f, 1e-39f, 0.1f, -7, float.NegativeInfinity];
        // The nearest of 16 bits; between two the even one.
        uint Round(float x)
        {
            uint bits = BitConverter.SingleToUInt32Bits(x);
            return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
        }
        float[] others = [.. values.Reverse()];
        Assert.Equal(
            values.Zip(others, (upper, lower) => (Round(upper) << 16) | Round(lower)),
            PtxText.Evaluate<float, uint>("cvt.rn.bf16x2.f32 d, a, b;", "f32", "b", values, others));
    }

    [Fact]
    public void Float_to_tf32_rounds_away_at_the_middle()
    {
        float[] values = [1, 1.00048828125f, 1.000488f, -1.00048828125f, 1.0009765625f];
        Assert.Equal([1f, 1.0009765625f, 1f, -1.0009765625f, 1.0009765625f], PtxText.Evaluate<float, float>("cvt.rna.tf32.f32 d, a;", "f32", "b", values));
    }

    [Fact]
    public void Whole_numbers_to_floats()
    {
        int[] values = [0, 1, -1, 16777217, -16777219, int.MaxValue, int.MinValue];
        Assert.Equal(values.Select(x => (float)x), PtxText.Evaluate<int, float>("cvt.rn.f32.s32 d, a;", "s32", "f32", values));
        Assert.Equal([0f, 1f, -1f, 16777216f, -16777218f, 2147483520f, int.MinValue], PtxText.Evaluate<int, float>("cvt.rz.f32.s32 d, a;", "s32", "f32", values));
        long[] longs = [long.MaxValue, long.MinValue, 1L << 60 | 1, -5];
        Assert.Equal(longs.Select(x => (float)x), PtxText.Evaluate<long, float>("cvt.rn.f32.s64 d, a;", "s64", "f32", longs));
        Assert.Equal(longs.Select(x => (double)(ulong)x), PtxText.Evaluate<long, double>("cvt.rn.f64.u64 d, a;", "s64", "f64", longs));
    }

    [Fact]
    public void Whole_numbers_to_others()
    {
        int[] values = [0, 127, 128, 255, 256, -1, -128, -129, 70000, int.MinValue];
        Assert.Equal(values.Select(x => (int)(sbyte)x), PtxText.Evaluate<int, int>("cvt.s8.s32 d, a;", "s32", "s32", values));
        Assert.Equal(values.Select(x => (int)(byte)x), PtxText.Evaluate<int, int>("cvt.u8.s32 d, a;", "s32", "s32", values));
        Assert.Equal(values.Select(x => (int)Math.Clamp(x, sbyte.MinValue, sbyte.MaxValue)), PtxText.Evaluate<int, int>("cvt.sat.s8.s32 d, a;", "s32", "s32", values));
        Assert.Equal(values.Select(x => (long)x), PtxText.Evaluate<int, long>("cvt.s64.s32 d, a;", "s32", "s64", values));
        Assert.Equal(values.Select(x => (long)(uint)x), PtxText.Evaluate<int, long>("cvt.u64.u32 d, a;", "s32", "s64", values));
    }
}
