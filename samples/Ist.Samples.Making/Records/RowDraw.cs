using Ist.Runtime.Numerics;

namespace Ist.Samples.Making.Records;

/// <summary>The random choices of one row: they depend on the seed and the row's number alone.</summary>
internal sealed class RowDraw(ulong seed, ulong row)
{
    private ulong _next;

    /// <summary>A number from 0 to below <paramref name="count"/>.</summary>
    public int Below(int count)
    {
        Span<uint> block = stackalloc uint[4];
        Philox.Block(seed, row, _next++, block);
        return (int)((ulong)block[0] * (uint)count >> 32);
    }

    /// <summary>One of the values.</summary>
    public string Of(string[] values) => values[Below(values.Length)];

    /// <summary>One of the values, or null in three cases of ten.</summary>
    public string? Maybe(string[] values) => Below(10) < 3 ? null : Of(values);
}
