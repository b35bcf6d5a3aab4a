using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>brx.idx: each lane goes to the target that its index names.</summary>
internal sealed unsafe class BranchIndexed(Register index, IReadOnlyList<Label> targets, bool uniform) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0;)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            uint chosen = warp.Get<uint>(index)[lane], same = 0;
            if (chosen >= targets.Count)
                throw warp.Fault(lane, $"index {chosen} of {targets.Count} branch targets");
            for (uint others = rest; others != 0; others &= others - 1)
            {
                int other = BitOperations.TrailingZeroCount(others);
                if (warp.Get<uint>(index)[other] == chosen)
                    same |= 1u << other;
            }
            if (uniform && same != lanes)
                throw warp.Fault(lane, "a branch that is said to be uniform has several targets");
            warp.Branch(same, targets[(int)chosen].Instruction);
            rest &= ~same;
        }
    }
}
