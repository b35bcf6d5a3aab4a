using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>cvt from or to floating point through double, which holds all values of the other types but those of 64 bits.</summary>
internal sealed unsafe class ConvertFloat(Register d, Register a, string to, string from, FloatRounding rounding, bool flush, bool saturate, bool relu) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            double value = FloatBits.Read(warp.Get<byte>(a) + (lane * a.Bytes), from);
            if (flush && from == "f32")
                value = Flushing.Flush((float)value);
            ulong bits = FloatBits.Bits(Adjust(value), to, rounding);
            if (flush && to == "f32")
                bits = BitConverter.SingleToUInt32Bits(Flushing.Flush(BitConverter.UInt32BitsToSingle((uint)bits)));
            Buffer.MemoryCopy(&bits, warp.Get<byte>(d) + (lane * d.Bytes), d.Bytes, d.Bytes);
        }
    }

    private double Adjust(double value)
    {
        if (saturate && FloatBits.IsFloat(to))
            value = Saturating.Clamp(value);
        return relu && !(value > 0) && !double.IsNaN(value) ? 0 : value;
    }
}
