using System.Numerics;

namespace Ist.Ptx.Instructions;

internal readonly struct PopCount<T> : IMixed<T, uint> where T : IBinaryInteger<T>
{
    public static uint Of(T a) => uint.CreateTruncating(T.PopCount(a));
}

internal readonly struct LeadingZeros<T> : IMixed<T, uint> where T : IBinaryInteger<T>
{
    public static uint Of(T a) => uint.CreateTruncating(T.LeadingZeroCount(a));
}

/// <summary>The position of the highest bit that differs from the sign; none is 0xFFFFFFFF.</summary>
internal readonly struct FindBit<T> : IMixed<T, uint> where T : IBinaryInteger<T>
{
    public static uint Of(T a)
    {
        T bits = T.IsNegative(a) ? ~a : a;
        return (uint)((8 * a.GetByteCount()) - 1) - uint.CreateTruncating(T.LeadingZeroCount(bits));
    }
}

/// <summary>As <see cref="FindBit{T}"/>, by how far the bit must be shifted left.</summary>
internal readonly struct FindShift<T> : IMixed<T, uint> where T : IBinaryInteger<T>
{
    public static uint Of(T a) => FindBit<T>.Of(a) is var bit && bit == uint.MaxValue ? bit : (uint)((8 * a.GetByteCount()) - 1) - bit;
}

/// <summary>The bits in reverse order.</summary>
internal readonly struct Reverse<T> : IUnary<T> where T : IBinaryInteger<T>
{
    public static T Of(T a)
    {
        T reversed = T.Zero;
        for (int i = 8 * a.GetByteCount(); i > 0; i--, a >>= 1)
            reversed = (reversed << 1) | (a & T.One);
        return reversed;
    }
}

/// <summary>prmt: each byte of the result is one of the 8 bytes of b and a, chosen by 4 bits of c; the highest of these takes its sign instead.</summary>
internal readonly struct Permute : ITernary<uint>
{
    public static uint Of(uint a, uint b, uint c)
    {
        ulong bytes = ((ulong)b << 32) | a;
        uint result = 0;
        for (int i = 0; i < 4; i++)
        {
            uint selector = (c >> (4 * i)) & 15;
            uint chosen = (uint)(bytes >> (int)(8 * (selector & 7))) & 0xFF;
            if ((selector & 8) != 0)
                chosen = (chosen & 0x80) != 0 ? 0xFFu : 0;
            result |= chosen << (8 * i);
        }
        return result;
    }
}

/// <summary>bfe: <c>c</c> bits of a from bit b on, with the sign of a signed type.</summary>
internal readonly struct ExtractBits<T> : IBitField<T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T ignored, uint b, uint c)
    {
        int width = 8 * a.GetByteCount();
        int start = (int)(b & 0xFF), count = (int)(c & 0xFF);
        bool signed = T.IsNegative(-T.One);
        T field = T.Zero;
        for (int i = 0; i < width && count > 0; i++)
        {
            // Beyond the field, and beyond the source, a signed type repeats the field's highest bit.
            int from = start + (signed ? Math.Min(i, count - 1) : i);
            if (signed)
                from = Math.Min(from, width - 1);
            if (signed || (i < count && from < width))
                field |= ((a >>> from) & T.One) << i;
        }
        return field;
    }
}

/// <summary>bfi: b with <c>d</c> bits from bit c on taken from a.</summary>
internal readonly struct InsertBits<T> : IBitField<T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b, uint c, uint d)
    {
        int width = 8 * a.GetByteCount();
        int start = (int)(c & 0xFF), count = (int)(d & 0xFF);
        for (int i = 0; i < count && start + i < width; i++)
            b = (b & ~(T.One << (start + i))) | (((a >> i) & T.One) << (start + i));
        return b;
    }
}
