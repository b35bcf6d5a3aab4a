namespace Ist.Ptx.Tests.Checks;

/// <summary>Wrong accesses of shared memory: races above all.</summary>
public sealed class SharedMemoryCheckTests
{
    private const string Cells = """
        .shared .align 16 .b8 cells[256];
        mov.u64 %rd1, cells;
        mov.u32 %r0, %tid.x;
        mad.wide.u32 %rd2, %r0, 4, %rd1;
        xor.b32 %r1, %r0, 1;
        mad.wide.u32 %rd3, %r1, 4, %rd1;

        """;

    [Fact]
    public void A_missing_barrier_between_write_and_read()
    {
        const string write = "st.shared.b32 [%rd2], %r0;\n", read = "ld.shared.b32 %r2, [%rd3];\n";
        var fault = PtxText.Fault(PtxText.Kernel(Cells + write + read, 0), 32);
        Assert.Contains("a race in shared memory: this read of byte 4", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("an access of thread 1", fault.Problem, StringComparison.Ordinal);
        PtxText.Run(new PtxDevice(), PtxText.Kernel(Cells + write + "bar.sync 0;\n" + read, 0), 32);
    }

    [Fact]
    public void A_missing_barrier_between_read_and_write()
    {
        const string first = "st.shared.b32 [%rd2], %r0;\nbar.sync 0;\nld.shared.b32 %r2, [%rd3];\n", write = "st.shared.b32 [%rd2], %r2;\n";
        var fault = PtxText.Fault(PtxText.Kernel(Cells + first + write, 0), 64);
        Assert.Contains("a race in shared memory: this write", fault.Problem, StringComparison.Ordinal);
        PtxText.Run(new PtxDevice(), PtxText.Kernel(Cells + first + "bar.sync 0;\n" + write, 0), 64);
    }

    [Fact]
    public void Two_writes_of_one_place()
    {
        var fault = PtxText.Fault(PtxText.Kernel(Cells + "st.shared.b32 [%rd1], %r0;", 0), 2);
        Assert.Contains("a race in shared memory: this write of byte 0 and an access of thread 0", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Single_bytes_beside_each_other_are_no_race_but_a_word_over_them_is()
    {
        const string bytes = "cvt.u64.u32 %rd4, %r0;\nadd.u64 %rd4, %rd1, %rd4;\nst.shared.b8 [%rd4], %r0;\n";
        PtxText.Run(new PtxDevice(), PtxText.Kernel(Cells + bytes, 0), 32);
        var fault = PtxText.Fault(PtxText.Kernel(Cells + bytes + "setp.eq.u32 %p0, %r0, 0;\n@%p0 ld.shared.b32 %r2, [%rd1];", 0), 32);
        Assert.Contains("an access of thread 1", fault.Problem, StringComparison.Ordinal);
        fault = PtxText.Fault(PtxText.Kernel(Cells + "setp.eq.u32 %p0, %r0, 9;\n@%p0 st.shared.b32 [%rd1], %r0;\n" + bytes, 0), 32);
        Assert.Contains("an access of thread 9", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warp_barrier_orders_nothing_for_another_warp()
    {
        string ptx = PtxText.Kernel(Cells + "st.shared.b32 [%rd2], %r0;\nbar.warp.sync -1;\nxor.b32 %r1, %r0, 32;\nmad.wide.u32 %rd3, %r1, 4, %rd1;\nld.shared.b32 %r2, [%rd3];", 0);
        Assert.Contains("never written", PtxText.Fault(ptx, 64).Problem, StringComparison.Ordinal);
        ptx = ptx.Replace("st.shared.b32 [%rd2], %r0;", "setp.lt.u32 %p0, %r0, 32;\n@%p0 st.shared.b32 [%rd2], %r0;", StringComparison.Ordinal)
            .Replace("ld.shared.b32", "@!%p0 ld.shared.b32", StringComparison.Ordinal);
        Assert.Contains("a race", PtxText.Fault(ptx, 64).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_nobody_has_written_in_this_block()
    {
        string ptx = PtxText.Kernel(Cells + "mov.u32 %r5, %ctaid.x;\nsetp.eq.u32 %p0, %r5, 0;\n@%p0 st.shared.b32 [%rd2], 1;\nld.shared.b32 %r2, [%rd2];", 0);
        var fault = Assert.Throws<PtxException>(() => new PtxDevice().Load(ptx).Launch("K", new Index3(2), new Index3(4)));
        Assert.Equal(new Index3(1, 0, 0), fault.Block);
        Assert.Contains("reads 4 bytes of shared memory that were never written", fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ld.shared.b32 %r2, [%rd1+256];", "out of bounds: byte 256 of 256")]
    [InlineData("st.shared.b32 [%rd1-4], %r0;", "out of bounds: byte -4 of 256")]
    [InlineData("st.shared.b32 [%rd1+2], %r0;", "misaligned: 4 bytes at byte 2")]
    public void Bounds_and_alignment(string access, string problem) =>
        Assert.Contains(problem, PtxText.Fault(PtxText.Kernel(Cells + access, 0), 1).Problem, StringComparison.Ordinal);

    [Fact]
    public void Local_memory_has_bounds_too()
    {
        const string local = ".local .align 4 .b8 mine[8];\nmov.u64 %rd1, mine;\n";
        Assert.Contains("byte 8 of 8 bytes of local memory", PtxText.Fault(PtxText.Kernel(local + "st.local.b32 [%rd1+8], 0;", 0), 1).Problem, StringComparison.Ordinal);
        Assert.Contains("local memory that were never written", PtxText.Fault(PtxText.Kernel(local + "ld.local.b32 %r0, [%rd1+4];", 0), 1).Problem, StringComparison.Ordinal);
    }
}
