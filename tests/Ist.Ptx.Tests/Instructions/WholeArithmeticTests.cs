using System.Numerics;

namespace Ist.Ptx.Tests.Instructions;

/// <summary>Arithmetic of whole numbers against numbers of any size, cut to the width.</summary>
public sealed class WholeArithmeticTests
{
    [Fact]
    public void Short() => Check<short>("s16");

    [Fact]
    public void Unsigned_short() => Check<ushort>("u16");

    [Fact]
    public void Int() => Check<int>("s32");

    [Fact]
    public void Unsigned_int() => Check<uint>("u32");

    [Fact]
    public void Long() => Check<long>("s64");

    [Fact]
    public void Unsigned_long() => Check<ulong>("u64");

    [Fact]
    public void Products_of_twice_the_width()
    {
        var (a, b) = Pairs<int>();
        Assert.Equal(a.Zip(b, (x, y) => (long)x * y), PtxText.Evaluate<int, long>("mul.wide.s32 d, a, b;", "s32", "s64", a, b));
        var (u, v) = Pairs<uint>();
        Assert.Equal(u.Zip(v, (x, y) => (ulong)x * y), PtxText.Evaluate<uint, ulong>("mul.wide.u32 d, a, b;", "u32", "u64", u, v));
        Assert.Equal(
            u.Zip(v, (x, y) => ((ulong)x * y) + x),
            PtxText.Evaluate<uint, ulong>("cvt.u64.u32 %rd5, a;\nmad.wide.u32 d, a, b, %rd5;", "u32", "u64", u, v));
    }

    [Fact]
    public void Sums_within_the_range()
    {
        var (a, b) = Pairs<int>();
        Assert.Equal(a.Zip(b, (x, y) => int.CreateSaturating((long)x + y)), PtxText.Evaluate<int, int>("add.sat.s32 d, a, b;", "s32", "s32", a, b));
        Assert.Equal(a.Zip(b, (x, y) => int.CreateSaturating((long)x - y)), PtxText.Evaluate<int, int>("sub.sat.s32 d, a, b;", "s32", "s32", a, b));
    }

    [Fact]
    public void Negatives_and_absolute_values()
    {
        var (a, _) = Pairs<int>();
        Assert.Equal(a.Select(x => unchecked(-x)), PtxText.Evaluate<int, int>("neg.s32 d, a;", "s32", "s32", a));
        Assert.Equal(a.Select(x => x == int.MinValue ? x : Math.Abs(x)), PtxText.Evaluate<int, int>("abs.s32 d, a;", "s32", "s32", a));
    }

    [Fact]
    public void A_division_by_0_is_a_fault()
    {
        var fault = PtxText.Fault(PtxText.Kernel("mov.u32 %r0, %tid.x;\ndiv.u32 %r1, 5, %r0;", 0), 1);
        Assert.Contains("divided by 0", fault.Message, StringComparison.Ordinal);
    }

    private static void Check<T>(string type) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int bits = 8 * T.Zero.GetByteCount();
        var (a, b) = Pairs<T>();
        void Same(string instruction, Func<BigInteger, BigInteger, BigInteger> reference)
        {
            var expected = a.Zip(b, (x, y) => Cut<T>(reference(BigInteger.CreateChecked(x), BigInteger.CreateChecked(y))));
            Assert.Equal(expected, PtxText.Evaluate<T, T>($"{instruction}.{type} d, a, b;", type, type, a, b));
        }
        Same("add", (x, y) => x + y);
        Same("sub", (x, y) => x - y);
        Same("mul.lo", (x, y) => x * y);
        Same("mul.hi", (x, y) => (x * y) >> bits);
        Same("div", BigInteger.Divide);
        Same("rem", BigInteger.Remainder);
        Same("min", BigInteger.Min);
        Same("max", BigInteger.Max);
        Assert.Equal(
            a.Zip(b, (x, y) => Cut<T>((BigInteger.CreateChecked(x) * BigInteger.CreateChecked(y)) + BigInteger.CreateChecked(x))),
            PtxText.Evaluate<T, T>($"mad.lo.{type} d, a, b, a;", type, type, a, b));
    }

    private static T Cut<T>(BigInteger value) where T : unmanaged, IBinaryInteger<T> => T.CreateTruncating(value);

    /// <summary>All pairs of awkward numbers; the second is never 0.</summary>
    private static (T[] A, T[] B) Pairs<T>() where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T[] values = [T.Zero, T.One, -T.One, T.MaxValue, T.MinValue, T.CreateTruncating(12345), T.CreateTruncating(0x9E3779B97F4A7C15)];
        var pairs = values.SelectMany(a => values.Where(b => b != T.Zero).Select(b => (a, b))).ToArray();
        return ([.. pairs.Select(pair => pair.a)], [.. pairs.Select(pair => pair.b)]);
    }
}
