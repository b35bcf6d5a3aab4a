namespace Ist.Ptx.Tests.Checks;

/// <summary>cp.async: what it copies is there after the wait, and not before.</summary>
public sealed class AsyncCopyCheckTests
{
    private const string Begin = """
        .shared .align 16 .b8 cells[512];
        mov.u32 %r0, %tid.x;
        mov.u32 %r1, cells;
        mad.lo.u32 %r2, %r0, 16, %r1;
        cvt.u64.u32 %rd3, %r2;
        mad.wide.u32 %rd1, %r0, 16, %rd1;
        mad.wide.u32 %rd0, %r0, 4, %rd0;
        cp.async.cg.shared.global [%r2], [%rd1], 16;

        """;

    private readonly PtxDevice _device = new();

    [Theory]
    [InlineData("cp.async.commit_group;\ncp.async.wait_group 0;")]
    [InlineData("cp.async.wait_all;")]
    public void The_copy_is_there_after_the_wait(string wait)
    {
        int[] values = Run(Begin + wait + "\nld.shared.b32 %r3, [%rd3+4];\nst.global.b32 [%rd0], %r3;");
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (4 * i) + 1), values);
    }

    [Fact]
    public void With_fewer_source_bytes_the_rest_is_0()
    {
        int[] values = Run(Begin.Replace("[%rd1], 16;", "[%rd1], 16, 4;", StringComparison.Ordinal) + "cp.async.wait_all;\nld.shared.v2.b32 {%r3, %r4}, [%rd3];\nadd.u32 %r3, %r3, %r4;\nst.global.b32 [%rd0], %r3;");
        Assert.Equal(Enumerable.Range(0, 32).Select(i => 4 * i), values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cp.async.wait_group 0;")]
    [InlineData("cp.async.commit_group;\ncp.async.wait_group 1;")]
    [InlineData("cp.async.commit_group;\nbar.sync 0;")]
    public void A_missing_wait(string wait) => Assert.Contains(
        "an asynchronous copy that was not waited for",
        Assert.Throws<PtxException>(() => Run(Begin + wait + "\nld.shared.b32 %r3, [%rd3];")).Problem,
        StringComparison.Ordinal);

    [Fact]
    public void A_write_over_a_copy_that_runs() => Assert.Contains(
        "writes shared memory of an asynchronous copy",
        Assert.Throws<PtxException>(() => Run(Begin + "st.shared.b32 [%rd3], 0;")).Problem,
        StringComparison.Ordinal);

    [Fact]
    public void Another_thread_needs_a_barrier_after_the_wait()
    {
        const string other = "xor.b32 %r4, %r0, 1;\nmad.lo.u32 %r4, %r4, 16, %r1;\ncvt.u64.u32 %rd4, %r4;\n", read = "ld.shared.b32 %r3, [%rd4];\nst.global.b32 [%rd0], %r3;";
        Assert.Contains("a race", Assert.Throws<PtxException>(() => Run(Begin + other + "cp.async.wait_all;\n" + read)).Problem, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => 4 * (i ^ 1)), Run(Begin + other + "cp.async.wait_all;\nbar.sync 0;\n" + read));
    }

    [Fact]
    public void Groups_end_in_their_order()
    {
        string two = Begin + "cp.async.commit_group;\nadd.u32 %r5, %r2, 0;\n";
        int[] values = Run(two.Replace("cells[512]", "cells[1024]", StringComparison.Ordinal)
            + "cp.async.ca.shared.global [%rd3+512], [%rd1], 8;\ncp.async.commit_group;\ncp.async.wait_group 1;\nld.shared.b32 %r3, [%rd3];\nst.global.b32 [%rd0], %r3;");
        Assert.Equal(Enumerable.Range(0, 32).Select(i => 4 * i), values);
    }

    private int[] Run(string body)
    {
        ulong result = _device.Allocate(128), source = _device.Allocate<int>([.. Enumerable.Range(0, 128)]);
        PtxText.Run(_device, PtxText.Kernel(body, 2), 32, result, source);
        return _device.Read<int>(result, 32);
    }
}
