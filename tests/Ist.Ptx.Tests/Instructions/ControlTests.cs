namespace Ist.Ptx.Tests.Instructions;

/// <summary>Branches, calls, and lanes that part and meet.</summary>
public sealed class ControlTests
{
    private readonly PtxDevice _device = new();

    [Fact]
    public void Lanes_loop_as_often_as_each_must()
    {
        int[] sums = Run("""
            mov.u32 %r1, 0;
            mov.u32 %r2, 0;
            LOOP:
            setp.gt.u32 %p0, %r1, %r0;
            @%p0 bra END;
            add.u32 %r2, %r2, %r1;
            add.u32 %r1, %r1, 1;
            bra LOOP;
            END:
            """, 64);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i * (i + 1) / 2), sums);
    }

    [Fact]
    public void Lanes_that_went_to_later_code_and_back_meet_at_a_shuffle()
    {
        // The odd lanes pass code behind the shuffle and come back to it, as ILGPU orders its blocks.
        int[] values = Run("""
            mov.u32 %r2, %r0;
            and.b32 %r1, %r0, 1;
            setp.eq.u32 %p0, %r1, 1;
            @%p0 bra ODD;
            MEET:
            shfl.sync.bfly.b32 %r2, %r2, 1, 31, -1;
            bra END;
            ODD:
            add.u32 %r2, %r2, 100;
            bra MEET;
            END:
            """, 32);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => i % 2 == 0 ? i + 101 : i - 1), values);
    }

    [Fact]
    public void Indexed_branches()
    {
        int[] values = Run("""
            rem.u32 %r1, %r0, 3;
            TABLE: .branchtargets A, B, C;
            brx.idx %r1, TABLE;
            A: mov.u32 %r2, 10; bra END;
            B: mov.u32 %r2, 20; bra END;
            C: mov.u32 %r2, 30;
            END:
            """, 40);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => 10 * ((i % 3) + 1)), values);
    }

    [Fact]
    public void Functions_have_registers_of_their_own_and_may_be_called_by_some_lanes()
    {
        int[] values = Run("""
            mov.u32 %r2, 7;
            setp.lt.u32 %p0, %r0, 5;
            {
            .param .b32 in;
            .param .b32 out;
            st.param.b32 [in], %r0;
            st.param.b32 [out], %r2;
            @%p0 call (out), square, (in);
            ld.param.b32 %r2, [out];
            }
            """, 32, """
            .visible .func (.param .b32 result) square(.param .b32 x)
            {
            .reg .b32 %r<3>;
            .reg .pred %p<1>;
            ld.param.b32 %r2, [x];
            mul.lo.s32 %r0, %r2, %r2;
            setp.gt.u32 %p0, %r0, 10;
            st.param.b32 [result], %r0;
            @%p0 ret;
            add.s32 %r0, %r0, 1;
            st.param.b32 [result], %r0;
            ret;
            }
            """);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => i >= 5 ? 7 : i * i > 10 ? i * i : (i * i) + 1), values);
    }

    [Fact]
    public void Barriers_count_predicates_of_the_block()
    {
        int[] values = Run("""
            setp.lt.u32 %p0, %r0, 70;
            bar.red.popc.u32 %r2, 0, %p0;
            bar.red.and.pred %p1, 0, %p0;
            bar.red.or.pred %p2, 0, %p0;
            setp.lt.u32 %p3, %r0, 100;
            bar.red.and.pred %p4, 0, %p3;
            bar.red.or.pred %p5, 0, !%p3;
            @%p1 add.u32 %r2, %r2, 1000;
            @%p4 add.u32 %r2, %r2, 4000;
            @%p5 add.u32 %r2, %r2, 8000;
            @%p2 add.u32 %r2, %r2, 2000;
            """, 100);
        Assert.Equal(Enumerable.Repeat(6070, 100), values);
    }

    private int[] Run(string body, int threads, string functions = "")
    {
        ulong result = _device.Allocate(threads * 4);
        PtxText.Run(_device, PtxText.Kernel($"""
            mov.u32 %r0, %tid.x;
            {body}
            mad.wide.u32 %rd0, %r0, 4, %rd0;
            st.global.u32 [%rd0], %r2;
            """, declarations: functions), threads, result);
        return _device.Read<int>(result, threads);
    }
}
