using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>trap: a fault, as the kernel asks for.</summary>
internal sealed class Trap : Instruction
{
    public override void Execute(Warp warp, uint lanes) => throw warp.Fault(BitOperations.TrailingZeroCount(lanes), "the kernel trapped");
}
