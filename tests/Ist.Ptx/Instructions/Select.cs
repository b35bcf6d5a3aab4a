using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>d = c ? a : b.</summary>
internal sealed unsafe class Select<T>(Register d, Register a, Register b, Register c, bool negated) : Instruction where T : unmanaged
{
    public override void Execute(Warp warp, uint lanes)
    {
        T* to = warp.Get<T>(d), first = warp.Get<T>(a), second = warp.Get<T>(b);
        uint choice = negated ? ~warp.Predicate(c) : warp.Predicate(c);
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            to[lane] = (choice >> lane & 1) != 0 ? first[lane] : second[lane];
        }
    }
}
