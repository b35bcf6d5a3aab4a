using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>cp.async.wait_group, which leaves the last <paramref name="pending"/> groups, and cp.async.wait_all (-1).</summary>
internal sealed class WaitCopies(int pending) : Instruction
{
    public override void Execute(Warp warp, uint lanes) => warp.Copies.Wait(lanes, pending);
}
