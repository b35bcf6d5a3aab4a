using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>ret of a kernel, and exit.</summary>
internal sealed class Exit : Instruction
{
    public override void Execute(Warp warp, uint lanes) => warp.Exit(lanes);
}
