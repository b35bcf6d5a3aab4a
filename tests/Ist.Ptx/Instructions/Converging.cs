using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>An instruction at which the lanes that a mask names must meet; without a mask, all of the warp.</summary>
internal abstract unsafe class Converging(Register? mask) : Instruction
{
    public override bool Converges => true;

    public override uint Members(Warp warp, uint lanes) =>
        mask is { } named ? warp.Get<uint>(named)[BitOperations.TrailingZeroCount(lanes)] : uint.MaxValue;

    /// <summary>Checks that all lanes that are here name the same members, themselves among these.</summary>
    protected void CheckMask(Warp warp, uint lanes)
    {
        uint members = Members(warp, lanes);
        for (uint rest = lanes; rest != 0 && mask is not null; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            uint own = warp.Get<uint>(mask.Value)[lane];
            if (own != members)
                throw warp.Fault(lane, $"its member mask 0x{own:x8} is not that of the other lanes, 0x{members:x8}");
            if ((own >> lane & 1) == 0)
                throw warp.Fault(lane, $"it is not in its own member mask 0x{own:x8}");
        }
        warp.Synchronize();
    }
}
