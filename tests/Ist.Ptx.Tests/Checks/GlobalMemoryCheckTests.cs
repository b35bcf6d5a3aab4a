namespace Ist.Ptx.Tests.Checks;

/// <summary>Wrong accesses of global memory.</summary>
public sealed class GlobalMemoryCheckTests
{
    private readonly PtxDevice _device = new();

    [Fact]
    public void The_place_of_a_fault_is_told()
    {
        ulong data = _device.Allocate<int>(new int[100]);
        const string body = """
            mov.u32 %r0, %tid.x;
            mov.u32 %r1, %ctaid.x;
            mad.lo.u32 %r2, %r1, 50, %r0;
            mad.wide.u32 %rd1, %r2, 4, %rd0;
            st.global.b32 [%rd1], 1;
            """;
        string ptx = PtxText.Kernel(body);
        var fault = Assert.Throws<PtxException>(() => _device.Load(ptx).Launch("K", new Index3(3), new Index3(50), data));
        Assert.Equal("K", fault.Kernel);
        Assert.Equal(Array.FindIndex(ptx.Split('\n'), line => line.StartsWith("st.global", StringComparison.Ordinal)) + 1, fault.Line);
        Assert.Equal(new Index3(2, 0, 0), fault.Block);
        Assert.Equal(new Index3(0, 0, 0), fault.Thread);
        Assert.Contains("st.global.b32 [%rd1], 1;", fault.Message, StringComparison.Ordinal);
        Assert.Contains("out of bounds of global memory, at byte 400 of an allocation of 400 bytes", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ld.global.b32 %r1, [%rd0-4];", "in no allocation")]
    [InlineData("ld.global.v2.b16 {%h1, %h2}, [%rd0+96];", "at byte 96 of an allocation of 98 bytes")]
    [InlineData("st.global.b8 [%rd0+98], 0;", "at byte 98 of an allocation of 98 bytes")]
    public void Out_of_bounds(string access, string place)
    {
        ulong data = _device.Allocate<byte>(new byte[98]);
        var fault = PtxText.Fault(PtxText.Kernel(access), 1, _device, data);
        Assert.Contains("out of bounds", fault.Problem, StringComparison.Ordinal);
        Assert.Contains(place, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Freed_memory()
    {
        ulong data = _device.Allocate<int>([1, 2]);
        _device.Free(data);
        Assert.Contains("freed global memory", PtxText.Fault(PtxText.Kernel("ld.global.b32 %r1, [%rd0+4];"), 1, _device, data).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Misaligned()
    {
        ulong data = _device.Allocate<int>(new int[8]);
        Assert.Contains("misaligned: 16 bytes", PtxText.Fault(PtxText.Kernel("ld.global.v4.b32 {%r0, %r1, %r2, %r3}, [%rd0+8];"), 1, _device, data).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_nobody_has_written()
    {
        ulong data = _device.Allocate(16);
        string ptx = PtxText.Kernel("st.global.b32 [%rd0], 5;\nld.global.b32 %r0, [%rd0];\nld.global.b32 %r0, [%rd0+4];");
        var fault = PtxText.Fault(ptx, 1, _device, data);
        Assert.Contains("never written, at byte 4", fault.Problem, StringComparison.Ordinal);
    }

    private const string Own = """
        mov.u32 %r0, %tid.x;
        mov.u32 %r1, %ctaid.x;
        mov.u32 %r2, %ntid.x;
        mad.lo.u32 %r3, %r1, %r2, %r0;
        mad.wide.u32 %rd1, %r3, 4, %rd0;
        st.global.b32 [%rd1], %r3;

        """;

    [Theory]
    [InlineData("st.global.b32 [%rd0+256], 5;", "this write of byte 256", "thread")]
    [InlineData("bar.sync 0;\nsetp.eq.u32 %p0, %r0, 9;\n@%p0 st.global.v2.b32 [%rd0+256], {%r0, %r0};", "this write of byte 256", "block")]
    [InlineData("setp.eq.u32 %p0, %r3, 0;\n@%p0 bra END;\nld.global.b32 %r4, [%rd0];\nEND:", "byte 0", "thread")]
    public void Races(string access, string place, string other)
    {
        ulong data = _device.Allocate<int>(new int[66]);
        var fault = Assert.Throws<PtxException>(() => _device.Load(PtxText.Kernel(Own + access)).Launch("K", new Index3(2), new Index3(32), data));
        Assert.Contains("a race in global memory", fault.Problem, StringComparison.Ordinal);
        Assert.Contains(place, fault.Problem, StringComparison.Ordinal);
        Assert.Contains(other, fault.Problem, StringComparison.Ordinal);
    }

    /// <summary>Whichever of the two blocks comes first.</summary>
    [Fact]
    public void A_race_between_a_read_of_one_block_and_a_write_of_another()
    {
        const string access = "xor.b32 %r4, %r1, 1;\nmad.lo.u32 %r4, %r4, %r2, %r0;\nmad.wide.u32 %rd2, %r4, 4, %rd0;\nld.global.b32 %r5, [%rd2];";
        ulong data = _device.Allocate<int>(new int[64]);
        var fault = Assert.Throws<PtxException>(() => _device.Load(PtxText.Kernel(Own + access)).Launch("K", new Index3(2), new Index3(32), data));
        Assert.Contains("a race in global memory", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("of block", fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ld.global.b32 %r4, [%rd1];\nst.global.b32 [%rd1], %r4;")]
    [InlineData("ld.global.b32 %r4, [%rd0+512];")]
    [InlineData("red.global.add.u32 [%rd0+512], 1;")]
    [InlineData("bar.sync 0;\nxor.b32 %r4, %r3, 1;\nmad.wide.u32 %rd2, %r4, 4, %rd0;\nld.global.b32 %r5, [%rd2];\nbar.sync 0;\nst.global.b32 [%rd2], %r5;")]
    public void No_race(string access)
    {
        ulong data = _device.Allocate<int>(new int[129]);
        PtxModule module = _device.Load(PtxText.Kernel(Own + access));
        module.Launch("K", new Index3(2), new Index3(64), data);
        module.Launch("K", new Index3(2), new Index3(64), data);
    }

    [Fact]
    public void Null()
    {
        Assert.Contains("in no allocation", PtxText.Fault(PtxText.Kernel("ld.global.b32 %r1, [%rd0];"), 1, _device, 0UL).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_the_device_has()
    {
        var small = new PtxDevice(new PtxDeviceOptions { TotalMemory = 1000 });
        ulong first = small.Allocate(900);
        Assert.Throws<OutOfMemoryException>(() => small.Allocate(101));
        small.Free(first);
        Assert.NotEqual(0UL, small.Allocate(1000));
    }
}
