using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>p = compare(a, b) combined with c, and q likewise of the opposite, as setp writes them.</summary>
internal sealed unsafe class Compare<T, TOp>(Register p, Register? q, Register a, Register b, Combine combine, Register? c, bool negated) : Instruction
    where T : unmanaged where TOp : ICompare<T>
{
    public override void Execute(Warp warp, uint lanes)
    {
        T* left = warp.Get<T>(a), right = warp.Get<T>(b);
        uint holds = 0;
        for (int lane = 0; lane < Warp.Lanes && lanes == uint.MaxValue; lane++)
            holds |= (TOp.Of(left[lane], right[lane]) ? 1u : 0) << lane;
        for (uint rest = lanes == uint.MaxValue ? 0 : lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            holds |= (TOp.Of(left[lane], right[lane]) ? 1u : 0) << lane;
        }
        uint other = c is { } third ? warp.Predicate(third) ^ (negated ? uint.MaxValue : 0) : 0;
        warp.SetPredicate(p, lanes, Combined(holds, other));
        if (q is { } second)
            warp.SetPredicate(second, lanes, Combined(~holds, other));
    }

    private uint Combined(uint holds, uint other) => combine switch
    {
        Combine.And => holds & other,
        Combine.Or => holds | other,
        Combine.Xor => holds ^ other,
        _ => holds,
    };
}
