using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>bar.warp.sync: the lanes that the mask names meet, and their accesses before and after are ordered.</summary>
internal sealed class WarpBarrier(Register mask) : Converging(mask)
{
    public override void Execute(Warp warp, uint lanes) => CheckMask(warp, lanes);
}
