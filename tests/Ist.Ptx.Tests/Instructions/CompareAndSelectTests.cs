namespace Ist.Ptx.Tests.Instructions;

/// <summary>setp, testp, selp, slct and logic of predicates.</summary>
public sealed class CompareAndSelectTests
{
    private static readonly float[] _x = [.. Enumerable.Repeat<float[]>([1, 2, float.NaN, -0f, float.PositiveInfinity], 5).SelectMany(v => v)];
    private static readonly float[] _y = [.. _x.Select((_, i) => _x[i / 5])];

    [Fact]
    public void Floats()
    {
        Same("eq", (x, y) => x == y);
        Same("ne", (x, y) => x < y || x > y);
        Same("lt", (x, y) => x < y);
        Same("le", (x, y) => x <= y);
        Same("gt", (x, y) => x > y);
        Same("ge", (x, y) => x >= y);
        Same("equ", (x, y) => !(x < y || x > y));
        Same("neu", (x, y) => x != y);
        Same("ltu", (x, y) => !(x >= y));
        Same("leu", (x, y) => !(x > y));
        Same("gtu", (x, y) => !(x <= y));
        Same("geu", (x, y) => !(x < y));
        Same("num", (x, y) => !float.IsNaN(x) && !float.IsNaN(y));
        Same("nan", (x, y) => float.IsNaN(x) || float.IsNaN(y));
        void Same(string comparison, Func<float, float, bool> reference) => Assert.Equal(
            _x.Zip(_y, (x, y) => reference(x, y) ? 1 : 0),
            PtxText.Evaluate<float, int>($"setp.{comparison}.f32 p, a, b;\nselp.b32 d, 1, 0, p;", "f32", "b", _x, _y));
    }

    [Fact]
    public void Whole_numbers_with_and_without_sign()
    {
        int[] a = [1, -1, int.MinValue, 5, 5], b = [2, 1, int.MaxValue, 5, -5];
        Assert.Equal([1, 1, 1, 0, 0], PtxText.Evaluate<int, int>("setp.lt.s32 p, a, b;\nselp.b32 d, 1, 0, p;", "s32", "s32", a, b));
        Assert.Equal([1, 0, 0, 0, 1], PtxText.Evaluate<int, int>("setp.lo.u32 p, a, b;\nselp.b32 d, 1, 0, p;", "s32", "s32", a, b));
        Assert.Equal([0, 1, 1, 1, 0], PtxText.Evaluate<int, int>("setp.hs.u32 p, a, b;\nselp.b32 d, 1, 0, p;", "s32", "s32", a, b));
    }

    [Fact]
    public void Two_results_combined_with_a_third_predicate()
    {
        int[] a = [1, 2, 3, 4], b = [2, 2, 2, 2];
        const string select = "\nselp.b32 d, 1, 0, p;\nselp.b32 %r1, 2, 0, q;\nadd.s32 d, d, %r1;";
        Assert.Equal([3 - 2, 2, 2, 2], PtxText.Evaluate<int, int>("setp.lt.s32 p|q, a, b;" + select, "s32", "s32", a, b));
        Assert.Equal([0, 2, 2, 0], PtxText.Evaluate<int, int>("setp.lt.s32 %p0, a, 4;\nsetp.gt.s32 %p1, a, 1;\nand.pred %p0, %p0, %p1;\nsetp.lt.and.s32 p|q, a, b, %p0;" + select, "s32", "s32", a, b));
        Assert.Equal([1 + 2, 2, 2, 1 + 2], PtxText.Evaluate<int, int>("setp.eq.s32 %p0, a, 4;\nsetp.eq.or.s32 %p0, a, 1, %p0;\nsetp.lt.or.s32 p|q, a, b, %p0;" + select, "s32", "s32", a, b));
    }

    [Fact]
    public void Selection_by_sign() => Assert.Equal(
        [1, 2, 1, 2],
        PtxText.Evaluate<float, int>("slct.b32.f32 d, 1, 2, a;", "f32", "b", [3f, -3f, 0f, float.NaN]));

    [Theory]
    [InlineData("finite", new[] { 1, 1, 0, 0 })]
    [InlineData("infinite", new[] { 0, 0, 1, 0 })]
    [InlineData("number", new[] { 1, 1, 1, 0 })]
    [InlineData("notanumber", new[] { 0, 0, 0, 1 })]
    [InlineData("normal", new[] { 1, 0, 0, 0 })]
    [InlineData("subnormal", new[] { 0, 1, 0, 0 })]
    public void Classes(string kind, int[] expected) => Assert.Equal(
        expected,
        PtxText.Evaluate<float, int>($"testp.{kind}.f32 p, a;\nselp.b32 d, 1, 0, p;", "f32", "b", [2f, 1e-40f, float.NegativeInfinity, float.NaN]));
}
