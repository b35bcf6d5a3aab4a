using System.Numerics;

namespace Ist.Ptx.Tests.Instructions;

/// <summary>Arithmetic of floating point against .NET's, bit for bit; NaN is any NaN.</summary>
public sealed class FloatArithmeticTests
{
    [Fact]
    public void Single() => Check<float>("f32");

    [Fact]
    public void Double() => Check<double>("f64");

    [Fact]
    public void Half_precision()
    {
        var (a, b) = Pairs<Half>();
        Assert.Equal(a.Zip(b, (x, y) => x + y), PtxText.Evaluate<Half, Half>("add.f16 d, a, b;", "f16", "f16", a, b));
        Assert.Equal(a.Zip(b, (x, y) => x * y), PtxText.Evaluate<Half, Half>("mul.f16 d, a, b;", "f16", "f16", a, b));
    }

    [Fact]
    public void Subnormal_numbers_are_flushed_where_it_says_so()
    {
        float[] a = [1e-39f, -1e-39f, 1e-20f, 3], b = [1, 1, 1e-20f, 2];
        Assert.Equal([0f, -0f, 0f, 6f], PtxText.Evaluate<float, float>("mul.ftz.f32 d, a, b;", "f32", "f32", a, b));
        Assert.Equal([1e-39f * 1, -1e-39f * 1, 1e-20f * 1e-20f, 6f], PtxText.Evaluate<float, float>("mul.f32 d, a, b;", "f32", "f32", a, b));
    }

    [Fact]
    public void Saturated_results_lie_between_0_and_1()
    {
        float[] a = [-1, 0.25f, 7, float.NaN], b = [0.5f, 0.5f, 0.5f, 1];
        Assert.Equal([0f, 0.75f, 1f, 0f], PtxText.Evaluate<float, float>("add.sat.f32 d, a, b;", "f32", "f32", a, b));
    }

    [Theory]
    [InlineData("ex2.approx.f32", 4194304.0)]
    [InlineData("rcp.approx.ftz.f32", 8388608.0)]
    [InlineData("rsqrt.approx.f32", 4194304.0)]
    [InlineData("sqrt.approx.f32", 8388608.0)]
    [InlineData("tanh.approx.f32", 2048.0)]
    public void Approximations_are_as_good_as_PTX_says_and_no_better_than_they_need(string instruction, double relative)
    {
        float[] a = [.. Enumerable.Range(1, 1000).Select(i => i * 0.0123f)];
        float[] results = PtxText.Evaluate<float, float>($"{instruction} d, a;", "f32", "f32", a);
        Func<double, double> exact = instruction[..3] switch
        {
            "ex2" => x => Math.Pow(2, x),
            "rcp" => x => 1 / x,
            "rsq" => x => 1 / Math.Sqrt(x),
            "sqr" => Math.Sqrt,
            _ => Math.Tanh,
        };
        double worst = a.Zip(results, (x, y) => Math.Abs((y / exact(x)) - 1)).Max();
        Assert.InRange(worst, 0.4 / relative, 1 / relative);
    }

    [Theory]
    [InlineData("sin.approx.f32", 0, 1448155.0)]
    [InlineData("cos.approx.f32", 0, 1448155.0)]
    [InlineData("lg2.approx.f32", 0.5f, 4194304.0)]
    public void Approximations_with_an_absolute_error(string instruction, float from, double inverse)
    {
        float[] a = [.. Enumerable.Range(1, 1000).Select(i => from + (i * 0.0014f))];
        float[] results = PtxText.Evaluate<float, float>($"{instruction} d, a;", "f32", "f32", a);
        Func<double, double> exact = instruction[..3] switch { "sin" => Math.Sin, "cos" => Math.Cos, _ => Math.Log2 };
        double worst = a.Zip(results, (x, y) => Math.Abs(y - exact(x))).Max();
        Assert.InRange(worst, 0.2 / inverse, 1 / inverse);
    }

    private static void Check<T>(string type) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (a, b) = Pairs<T>();
        void Same(string instruction, Func<T, T, T> reference) =>
            Assert.Equal(a.Zip(b, reference), PtxText.Evaluate<T, T>($"{instruction}.{type} d, a, b;", type, type, a, b));
        Same("add", (x, y) => x + y);
        Same("sub", (x, y) => x - y);
        Same("mul", (x, y) => x * y);
        Same("div.rn", (x, y) => x / y);
        Same("min", (x, y) => T.IsNaN(x) ? y : T.IsNaN(y) ? x : x < y || (x == y && T.IsNegative(x)) ? x : y);
        Same("max", (x, y) => T.IsNaN(x) ? y : T.IsNaN(y) ? x : x > y || (x == y && !T.IsNegative(x)) ? x : y);
        Same("copysign", (x, y) => T.IsNegative(x) == T.IsNegative(y) ? y : -y);
        Assert.Equal(a.Zip(b, (x, y) => T.FusedMultiplyAdd(x, y, x)), PtxText.Evaluate<T, T>($"fma.rn.{type} d, a, b, a;", type, type, a, b));
        Assert.Equal(a.Select(x => -x), PtxText.Evaluate<T, T>($"neg.{type} d, a;", type, type, a));
        Assert.Equal(a.Select(T.Abs), PtxText.Evaluate<T, T>($"abs.{type} d, a;", type, type, a));
        Assert.Equal(a.Select(T.Sqrt), PtxText.Evaluate<T, T>($"sqrt.rn.{type} d, a;", type, type, a));
        Assert.Equal(a.Select(x => T.One / x), PtxText.Evaluate<T, T>($"rcp.rn.{type} d, a;", type, type, a));
    }

    private static (T[] A, T[] B) Pairs<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] values = [T.Zero, T.NegativeZero, T.One, -T.One, T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Epsilon, T.Pi, T.CreateTruncating(-1234.567)];
        var pairs = values.SelectMany(a => values.Select(b => (a, b))).ToArray();
        return ([.. pairs.Select(pair => pair.a)], [.. pairs.Select(pair => pair.b)]);
    }
}
