using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>cvt.rni, .rzi, .rmi and .rpi within a floating-point type: the whole number near the value.</summary>
internal sealed unsafe class RoundFloat(Register d, Register a, string type, FloatRounding rounding, bool flush, bool saturate) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            double value = FloatBits.Read(warp.Get<byte>(a) + (lane * a.Bytes), type);
            value = FloatBits.Whole(flush && type == "f32" ? Flushing.Flush((float)value) : value, rounding);
            ulong bits = FloatBits.Bits(saturate ? Saturating.Clamp(value) : value, type, FloatRounding.Nearest);
            Buffer.MemoryCopy(&bits, warp.Get<byte>(d) + (lane * d.Bytes), d.Bytes, d.Bytes);
        }
    }
}
