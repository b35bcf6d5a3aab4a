using System.Numerics;

namespace Ist.Ptx.Tests.Instructions;

/// <summary>Shuffles in all modes and votes, against what PTX's manual computes lane by lane.</summary>
public sealed class WarpTests
{
    private readonly PtxDevice _device = new();

    [Theory]
    [InlineData("up", 3, 32)]
    [InlineData("down", 3, 32)]
    [InlineData("bfly", 5, 32)]
    [InlineData("idx", 9, 32)]
    [InlineData("up", 1, 8)]
    [InlineData("down", 2, 8)]
    [InlineData("bfly", 4, 8)]
    [InlineData("idx", 3, 16)]
    public void Shuffles(string mode, int by, int width)
    {
        int c = ((32 - width) << 8) | (mode == "up" ? 0 : 31);
        int[] values = Run($"shfl.sync.{mode}.b32 %r1|%p0, %r0, {by}, {c}, 0xFFFFFFFF;\n@!%p0 add.u32 %r1, %r1, 1000;");
        Assert.Equal(Enumerable.Range(0, 32).Select(lane =>
        {
            int first = lane / width * width;
            int source = mode switch { "up" => lane - by, "down" => lane + by, "bfly" => lane ^ by, _ => first + (by % width) };
            return source >= first && source < first + width ? source : lane + 1000;
        }), values);
    }

    [Fact]
    public void Votes()
    {
        int[] values = Run("""
            setp.lt.u32 %p0, %r0, 5;
            vote.sync.ballot.b32 %r1, %p0, -1;
            vote.sync.any.pred %p1, %p0, -1;
            vote.sync.all.pred %p2, !%p0, -1;
            vote.sync.uni.pred %p3, %p1, -1;
            @%p1 add.u32 %r1, %r1, 100;
            @%p2 add.u32 %r1, %r1, 1000;
            @%p3 add.u32 %r1, %r1, 10000;
            """);
        Assert.Equal(Enumerable.Repeat(31 + 100 + 10000, 32), values);
    }

    [Fact]
    public void A_warp_barrier_orders_shared_memory_within_its_warp()
    {
        int[] values = Run("""
            .shared .align 4 .b8 cells[128];
            mov.u64 %rd1, cells;
            mad.wide.u32 %rd2, %r0, 4, %rd1;
            st.shared.b32 [%rd2], %r0;
            bar.warp.sync 0xFFFFFFFF;
            xor.b32 %r2, %r0, 31;
            mad.wide.u32 %rd2, %r2, 4, %rd1;
            ld.shared.b32 %r1, [%rd2];
            """);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => 31 - i), values);
    }

    [Fact]
    public void Lanes_know_themselves()
    {
        int[] values = Run("mov.u32 %r1, %lanemask_lt;\npopc.b32 %r1, %r1;\nmov.u32 %r2, %laneid;\nshl.b32 %r2, %r2, 8;\nadd.u32 %r1, %r1, %r2;");
        Assert.Equal(Enumerable.Range(0, 32).Select(i => BitOperations.PopCount((1u << i) - 1) + (i << 8)), values);
    }

    private int[] Run(string body)
    {
        ulong result = _device.Allocate(128);
        PtxText.Run(_device, PtxText.Kernel($"mov.u32 %r0, %tid.x;\n{body}\nmad.wide.u32 %rd0, %r0, 4, %rd0;\nst.global.u32 [%rd0], %r1;"), 32, result);
        return _device.Read<int>(result, 32);
    }
}
