namespace Ist.Ptx.Tests.Checks;

/// <summary>Text that can't be executed is told with its line, and never passed over; registers that were never written are told too.</summary>
public sealed class TextCheckTests
{
    [Theory]
    [InlineData("frobnicate.s32 %r0, %r1;", "'frobnicate.s32' can't be executed: this instruction is not known")]
    [InlineData("add.wrong.s32 %r0, %r1, %r2;", "modifier .wrong is not known")]
    [InlineData("add.s33 %r0, %r1, %r2;", "it has no type")]
    [InlineData("add.rz.f32 %f0, %f1, %f2;", "modifier .rz is not known")]
    [InlineData("add.s32 %rd0, %r1, %r2;", "operand 1 has 64 bits")]
    [InlineData("add.s32 %r0, %r1;", "it has 2 operands")]
    [InlineData("add.s32 %r0, %r1, %r99;", "'%r99' is no register")]
    [InlineData("mov.u32 %r0, %clock;", "'%clock' is no register")]
    [InlineData("bra NOWHERE;", "label 'NOWHERE' is nowhere")]
    [InlineData("call (p0), missing, (p0);", "calls no function")]
    [InlineData("mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16 {%r0, %r1}, {%r0, %r1, %r2, %r3}, {%r0, %r1}, {%r0, %r1};", "sums in .f32")]
    [InlineData("add.s32 %r0 %r1, %r2;", "expected ',', found '%r1'")]
    [InlineData("mov.f32 %f0, 1;", "'1' is a whole number where .f32 was expected")]
    [InlineData("cvt.s32.f32 %r0, %f0;", "it needs a rounding")]
    [InlineData("cp.async.cg.shared.global [%rd0], [%rd1], 8;", "8 bytes")]
    public void Unknown_text(string line, string problem)
    {
        string ptx = PtxText.Kernel(line, 0);
        var fault = Assert.Throws<PtxException>(() => new PtxDevice().Load(ptx).Launch("K", new Index3(1), new Index3(1)));
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
        Assert.Equal(line, ptx.Split('\n')[fault.Line - 1]);
    }

    [Fact]
    public void Registers_that_were_never_written()
    {
        var fault = PtxText.Fault(PtxText.Kernel("mov.u32 %r0, %tid.x;\nsetp.lt.u32 %p0, %r0, 7;\n@%p0 mov.u32 %r1, 1;\nadd.u32 %r2, %r1, 1;", 0), 32);
        Assert.Contains("reads a register that was never written (%r1)", fault.Problem, StringComparison.Ordinal);
        Assert.Equal(new Index3(7, 0, 0), fault.Thread);
    }

    [Fact]
    public void A_module_for_a_later_device()
    {
        string ptx = PtxText.Kernel("", 0).Replace("sm_80", "sm_90", StringComparison.Ordinal);
        PtxText.Run(new PtxDevice(), ptx, 1);
        var fault = Assert.Throws<PtxException>(() => new PtxDevice(new PtxDeviceOptions { Capability = (8, 0) }).Load(ptx));
        Assert.Contains(".target sm_90 does not run on a device of compute capability 8.0", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recursion()
    {
        const string function = ".func again()\n{\ncall again;\nret;\n}";
        Assert.Contains("recursion", PtxText.Fault(PtxText.Kernel("call again;", 0, function), 1).Message, StringComparison.Ordinal);
    }
}
