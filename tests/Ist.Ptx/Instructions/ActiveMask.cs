using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>activemask: the lanes that run together here.</summary>
internal sealed unsafe class ActiveMask(Register d) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
            warp.Get<uint>(d)[BitOperations.TrailingZeroCount(rest)] = lanes;
    }
}
