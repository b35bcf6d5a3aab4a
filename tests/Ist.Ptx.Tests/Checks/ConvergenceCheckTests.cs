namespace Ist.Ptx.Tests.Checks;

/// <summary>Threads that don't come where they are waited for.</summary>
public sealed class ConvergenceCheckTests
{
    private const string Half = "mov.u32 %r0, %tid.x;\nsetp.lt.u32 %p0, %r0, 16;\n";

    [Fact]
    public void A_barrier_in_one_branch_of_a_warp()
    {
        var fault = PtxText.Fault(PtxText.Kernel(Half + "@!%p0 bra ELSE;\nbar.sync 0;\nbra END;\nELSE:\nbar.sync 0;\nEND:", 0), 32);
        Assert.Contains("lanes of a warp diverge: lane 16 never comes here", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_barrier_that_another_warp_does_not_come_to()
    {
        string ptx = PtxText.Kernel("mov.u32 %r0, %tid.x;\nsetp.lt.u32 %p0, %r0, 32;\n@!%p0 bra ELSE;\nbar.sync 0;\nbra END;\nELSE:\nbar.sync 0;\nEND:", 0);
        Assert.Contains("barrier divergence: other threads of the block wait at line", PtxText.Fault(ptx, 64).Problem, StringComparison.Ordinal);
        ptx = PtxText.Kernel("mov.u32 %r0, %tid.x;\nsetp.lt.u32 %p0, %r0, 32;\n@%p0 bar.sync 1, 64;", 0);
        Assert.Contains("it never opens", PtxText.Fault(ptx, 64).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_that_have_exited_need_not_come() =>
        PtxText.Run(new PtxDevice(), PtxText.Kernel(Half + "@%p0 exit;\nbar.sync 0;", 0), 64);

    [Fact]
    public void A_shuffle_in_one_branch()
    {
        var fault = PtxText.Fault(PtxText.Kernel(Half + "@!%p0 bra END;\nshfl.sync.down.b32 %r1, %r0, 1, 31, -1;\nEND:\nshfl.sync.idx.b32 %r1, %r0, 0, 31, -1;", 0), 32);
        Assert.Contains("lanes of a warp diverge", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shuffle_that_reads_a_lane_which_has_exited()
    {
        var fault = PtxText.Fault(PtxText.Kernel(Half + "@!%p0 exit;\nshfl.sync.down.b32 %r1, %r0, 1, 31, -1;", 0), 32);
        Assert.Contains("reads lane 16, which takes no part", fault.Problem, StringComparison.Ordinal);
        Assert.Equal(new Index3(15, 0, 0), fault.Thread);
    }

    [Fact]
    public void A_member_mask_without_the_lane_itself()
    {
        var fault = PtxText.Fault(PtxText.Kernel("mov.u32 %r0, %tid.x;\nshfl.sync.idx.b32 %r1, %r0, 0, 31, 0xFFFF;", 0), 32);
        Assert.Contains("not in its own member mask", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_branch_that_is_not_uniform()
    {
        var fault = PtxText.Fault(PtxText.Kernel(Half + "@%p0 bra.uni END;\nEND:", 0), 32);
        Assert.Contains("said to be uniform", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_without_an_end()
    {
        var device = new PtxDevice(new PtxDeviceOptions { BranchLimit = 1000 });
        Assert.Contains("does not seem to end", PtxText.Fault(PtxText.Kernel("LOOP:\nbra LOOP;", 0), 32, device).Problem, StringComparison.Ordinal);
    }
}
