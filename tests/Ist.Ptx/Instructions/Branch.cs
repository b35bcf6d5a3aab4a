using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>bra; a branch that is said to be uniform must not part the lanes of a warp.</summary>
internal sealed class Branch(Label target, bool uniform) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        if (uniform && !warp.RunsAlone(lanes))
            throw warp.Fault(BitOperations.TrailingZeroCount(lanes), "a branch that is said to be uniform is taken by some lanes only");
        warp.Branch(lanes, target.Instruction);
    }
}
