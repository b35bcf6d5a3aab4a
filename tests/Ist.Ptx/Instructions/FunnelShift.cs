using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>shf: 32 bits of b:a, shifted by c, which is taken modulo 32 (wrap) or at most 32 (clamp).</summary>
internal sealed unsafe class FunnelShift(Register d, Register a, Register b, Register c, bool left, bool wrap) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            ulong both = ((ulong)warp.Get<uint>(b)[lane] << 32) | warp.Get<uint>(a)[lane];
            uint count = warp.Get<uint>(c)[lane];
            int by = (int)(wrap ? count & 31 : Math.Min(count, 32));
            warp.Get<uint>(d)[lane] = (uint)(left ? (both << by) >> 32 : both >> by);
        }
    }
}
