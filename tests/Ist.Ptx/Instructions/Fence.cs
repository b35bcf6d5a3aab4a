using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>membar and fence: memory is in order here anyway.</summary>
internal sealed class Fence : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
    }
}
