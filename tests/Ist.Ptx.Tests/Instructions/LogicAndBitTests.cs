using System.Numerics;

namespace Ist.Ptx.Tests.Instructions;

/// <summary>Logic, shifts and bits against .NET's operators and plain loops.</summary>
public sealed class LogicAndBitTests
{
    private static readonly uint[] _a = [0, 1, 0xFFFFFFFF, 0x80000000, 0x12345678, 0xDEADBEEF, 0x00F0F0F0, 7];
    private static readonly uint[] _b = [0, 31, 1, 32, 33, 200, 4, 0xFFFFFFFF];

    [Fact]
    public void Logic()
    {
        Same("and.b32 d, a, b;", (x, y) => x & y);
        Same("or.b32 d, a, b;", (x, y) => x | y);
        Same("xor.b32 d, a, b;", (x, y) => x ^ y);
        Same("not.b32 d, a;", (x, _) => ~x);
        Same("cnot.b32 d, a;", (x, _) => x == 0 ? 1u : 0);
        Same("lop3.b32 d, a, b, a, 0x1A;", (x, y) => Bits(i => (0x1A >> (int)((4 * Bit(x, i)) + (2 * Bit(y, i)) + Bit(x, i))) & 1));
    }

    [Fact]
    public void Shifts()
    {
        Same("shl.b32 d, a, b;", (x, y) => y > 31 ? 0 : x << (int)y);
        Same("shr.u32 d, a, b;", (x, y) => y > 31 ? 0 : x >> (int)y);
        Same("shr.s32 d, a, b;", (x, y) => (uint)((int)x >> (int)Math.Min(y, 31)));
        Same("shf.l.wrap.b32 d, a, a, b;", (x, y) => BitOperations.RotateLeft(x, (int)(y & 31)));
        Same("shf.r.wrap.b32 d, a, a, b;", (x, y) => BitOperations.RotateRight(x, (int)(y & 31)));
    }

    [Fact]
    public void Counts()
    {
        Same("popc.b32 d, a;", (x, _) => (uint)BitOperations.PopCount(x));
        Same("clz.b32 d, a;", (x, _) => (uint)BitOperations.LeadingZeroCount(x));
        Same("bfind.u32 d, a;", (x, _) => x == 0 ? uint.MaxValue : (uint)BitOperations.Log2(x));
        Same("bfind.s32 d, a;", (x, _) => (x ^ (uint)((int)x >> 31)) is var y && y == 0 ? uint.MaxValue : (uint)BitOperations.Log2(y));
        Same("brev.b32 d, a;", (x, _) => Bits(i => (int)Bit(x, 31 - i)));
        ulong[] longs = [0, 1, ulong.MaxValue, 0x8000_0000_0000_0000, 0x0123_4567_89AB_CDEF];
        Assert.Equal(longs.Select(x => (uint)BitOperations.PopCount(x)), PtxText.Evaluate<ulong, uint>("popc.b64 d, a;", "b64", "b32", longs));
        Assert.Equal(longs.Select(x => (uint)BitOperations.LeadingZeroCount(x)), PtxText.Evaluate<ulong, uint>("clz.b64 d, a;", "b64", "b32", longs));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(4, 12)]
    [InlineData(28, 10)]
    [InlineData(31, 1)]
    [InlineData(0, 32)]
    [InlineData(40, 3)]
    [InlineData(5, 0)]
    public void Fields_of_bits(int start, int count)
    {
        Same($"bfe.u32 d, a, {start}, {count};", (x, _) => Bits(i => i < count && start + i < 32 ? (int)Bit(x, start + i) : 0));
        Same($"bfe.s32 d, a, {start}, {count};", (x, _) => Bits(i => count == 0 ? 0 : (int)Bit(x, Math.Min(start + Math.Min(i, count - 1), 31))));
        Same($"bfi.b32 d, a, b, {start}, {count};", (x, y) => Bits(i => i >= start && i < start + count ? (int)Bit(x, i - start) : (int)Bit(y, i)));
    }

    [Fact]
    public void Bytes_are_permuted()
    {
        Same("prmt.b32 d, a, b, 0x6240;", (x, y) => (x & 0xFF) | ((y & 0xFF) << 8) | ((x >> 16 & 0xFF) << 16) | ((y >> 16 & 0xFF) << 24));
        Same("prmt.b32 d, a, b, 0xFB10;", (x, y) => (x & 0xFFFF) | ((x >> 31) * 0xFF0000) | ((y >> 31) * 0xFF000000));
    }

    [Fact]
    public void Parts_of_registers()
    {
        Same("mov.b32 {%h0, %h1}, a;\nmov.b32 d, {%h1, %h0};", (x, _) => BitOperations.RotateLeft(x, 16));
        ulong[] packed = PtxText.Evaluate<uint, ulong>("mov.b64 d, {a, b};", "b32", "b64", _a, _b);
        Assert.Equal(_a.Zip(_b, (x, y) => x | ((ulong)y << 32)), packed);
        Assert.Equal(_b, PtxText.Evaluate<ulong, uint>("mov.b64 {_, d}, a;", "b64", "b32", packed));
    }

    private static void Same(string instruction, Func<uint, uint, uint> reference)
    {
        uint[] a = [.. _a.SelectMany(x => _b.Select(_ => x))], b = [.. _a.SelectMany(_ => _b)];
        Assert.Equal(a.Zip(b, reference), PtxText.Evaluate<uint, uint>(instruction, "b32", "b32", a, b));
    }

    private static uint Bit(uint x, int i) => x >> i & 1;

    private static uint Bits(Func<int, int> bit) => Enumerable.Range(0, 32).Aggregate(0u, (sum, i) => sum | ((uint)bit(i) << i));
}
