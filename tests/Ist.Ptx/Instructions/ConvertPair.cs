using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>cvt.bf16x2.f32 and cvt.f16x2.f32: a in the upper half, b in the lower.</summary>
internal sealed unsafe class ConvertPair(Register d, Register a, Register b, string half, FloatRounding rounding, bool relu) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            warp.Get<uint>(d)[lane] = (Half(warp.Get<float>(a)[lane]) << 16) | Half(warp.Get<float>(b)[lane]);
        }
    }

    private uint Half(float value) => (uint)FloatBits.Bits(relu && value < 0 ? 0 : value, half, rounding);
}
