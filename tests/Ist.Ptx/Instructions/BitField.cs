using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>d = op(a, b, start, count).</summary>
internal sealed unsafe class BitField<T, TOp>(Register d, Register a, Register b, Register start, Register count) : Instruction
    where T : unmanaged where TOp : IBitField<T>
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            warp.Get<T>(d)[lane] = TOp.Of(warp.Get<T>(a)[lane], warp.Get<T>(b)[lane], warp.Get<uint>(start)[lane], warp.Get<uint>(count)[lane]);
        }
    }
}
