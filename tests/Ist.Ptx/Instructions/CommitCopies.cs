using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>cp.async.commit_group.</summary>
internal sealed class CommitCopies : Instruction
{
    public override void Execute(Warp warp, uint lanes) => warp.Copies.Commit(lanes);
}
