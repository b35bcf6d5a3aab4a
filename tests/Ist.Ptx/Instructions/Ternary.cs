using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>d = op(a, b, c).</summary>
internal sealed unsafe class Ternary<T, TOp>(Register d, Register a, Register b, Register c) : Instruction where T : unmanaged where TOp : ITernary<T>
{
    public override void Execute(Warp warp, uint lanes)
    {
        T* to = warp.Get<T>(d), first = warp.Get<T>(a), second = warp.Get<T>(b), third = warp.Get<T>(c);
        if (lanes == uint.MaxValue)
        {
            for (int lane = 0; lane < Warp.Lanes; lane++)
                to[lane] = TOp.Of(first[lane], second[lane], third[lane]);
            return;
        }
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            to[lane] = TOp.Of(first[lane], second[lane], third[lane]);
        }
    }
}
