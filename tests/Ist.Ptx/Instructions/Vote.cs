using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>vote.sync: what the predicates of the lanes that take part say together.</summary>
internal sealed unsafe class Vote(VoteMode mode, Register d, Register a, bool negated, Register mask) : Converging(mask)
{
    public override void Execute(Warp warp, uint lanes)
    {
        CheckMask(warp, lanes);
        uint votes = (negated ? ~warp.Predicate(a) : warp.Predicate(a)) & lanes;
        if (mode == VoteMode.Ballot)
        {
            for (uint rest = lanes; rest != 0; rest &= rest - 1)
                warp.Get<uint>(d)[BitOperations.TrailingZeroCount(rest)] = votes;
            return;
        }
        bool holds = mode switch
        {
            VoteMode.All => votes == lanes,
            VoteMode.Any => votes != 0,
            _ => votes == lanes || votes == 0,
        };
        warp.SetPredicate(d, lanes, holds ? uint.MaxValue : 0);
    }
}
