using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>d = op(a), of another type: conversions, counts of bits.</summary>
internal sealed unsafe class Mixed<TFrom, TTo, TOp>(Register d, Register a) : Instruction where TFrom : unmanaged where TTo : unmanaged where TOp : IMixed<TFrom, TTo>
{
    public override void Execute(Warp warp, uint lanes)
    {
        TTo* to = warp.Get<TTo>(d);
        TFrom* from = warp.Get<TFrom>(a);
        if (lanes == uint.MaxValue)
        {
            for (int lane = 0; lane < Warp.Lanes; lane++)
                to[lane] = TOp.Of(from[lane]);
            return;
        }
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            to[lane] = TOp.Of(from[lane]);
        }
    }
}
