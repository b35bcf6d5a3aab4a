namespace Ist.Ptx.Tests.Instructions;

/// <summary>Loads and stores of all widths, variables, parameters, atomics.</summary>
public sealed class MemoryTests
{
    private readonly PtxDevice _device = new();

    [Fact]
    public void Narrow_values_keep_their_sign_in_wider_registers()
    {
        ulong bytes = _device.Allocate<byte>([0xFF, 0x80, 0x7F, 0x01, 0xFE, 0xFF, 0x00, 0x80]);
        ulong result = _device.Allocate(32);
        PtxText.Run(_device, PtxText.Kernel("""
            ld.global.s8 %r0, [%rd1];
            ld.global.u8 %r1, [%rd1+1];
            ld.global.s16 %r2, [%rd1+4];
            ld.global.u16 %r3, [%rd1+4];
            st.global.v4.b32 [%rd0], {%r0, %r1, %r2, %r3};
            ld.global.s32 %rd2, [%rd1+4];
            ld.global.u32 %rd3, [%rd1+4];
            st.global.v2.b64 [%rd0+16], {%rd2, %rd3};
            """, 2), 1, result, bytes);
        Assert.Equal([-1, 0x80, -2, 0xFFFE], _device.Read<int>(result, 4));
        Assert.Equal([unchecked((int)0x8000FFFE), 0x8000FFFEL], _device.Read<long>(result + 16, 2));
    }

    [Fact]
    public void Stores_take_the_lower_bytes_of_wider_registers()
    {
        ulong result = _device.Allocate<int>([0, 0]);
        PtxText.Run(_device, PtxText.Kernel("mov.b32 %r0, 0x12345678;\nst.global.b8 [%rd0+1], %r0;\nst.global.b16 [%rd0+4], %r0;"), 1, result);
        Assert.Equal([0x7800, 0x5678], _device.Read<int>(result, 2));
    }

    [Fact]
    public void Global_constant_and_local_variables_and_generic_addresses()
    {
        ulong result = _device.Allocate(16);
        PtxText.Run(_device, PtxText.Kernel("""
            .local .align 8 .b8 mine[16];
            mov.u64 %rd1, table;
            ld.global.f32 %f0, [%rd1+4];
            ld.const.s32 %r0, [limits+8];
            mov.u64 %rd2, mine;
            st.local.f32 [%rd2+8], %f0;
            cvta.local.u64 %rd3, %rd2;
            ld.f32 %f1, [%rd3+8];
            cvta.to.local.u64 %rd4, %rd3;
            ld.local.b32 %r1, [%rd4+8];
            st.global.v2.f32 [%rd0], {%f0, %f1};
            st.global.v2.b32 [%rd0+8], {%r0, %r1};
            """, declarations: ".global .align 4 .f32 table[3] = {0f3F800000, 0f40490FDB};\n.const .align 4 .b32 limits[3] = {1, -2, 77};"), 1, result);
        Assert.Equal([MathF.PI, MathF.PI], _device.Read<float>(result, 2));
        Assert.Equal([77, BitConverter.SingleToInt32Bits(MathF.PI)], _device.Read<int>(result + 8, 2));
    }

    [Fact]
    public void Atomics_count_every_thread_of_every_block()
    {
        ulong counts = _device.Allocate<int>([0, int.MaxValue, 0, 0]), sum = _device.Allocate<float>([0]);
        _device.Load(PtxText.Kernel("""
            .shared .align 4 .b8 inside[4];
            mov.u64 %rd2, inside;
            mov.u32 %r0, %tid.x;
            setp.eq.u32 %p0, %r0, 0;
            @%p0 st.shared.b32 [%rd2], 0;
            bar.sync 0;
            atom.shared.add.u32 %r1, [%rd2], 1;
            red.global.add.u32 [%rd0], 1;
            red.global.min.s32 [%rd0+4], %r0;
            atom.global.max.u32 %r2, [%rd0+8], %r0;
            red.global.add.f32 [%rd1], 0f3F000000;
            bar.sync 0;
            ld.shared.b32 %r3, [%rd2];
            atom.global.cas.b32 %r4, [%rd0+12], 0, %r3;
            """, 2)).Launch("K", new Index3(20), new Index3(100), counts, sum);
        Assert.Equal([2000, 0, 99, 100], _device.Read<int>(counts, 4));
        Assert.Equal(1000, _device.Read<float>(sum, 1)[0]);
    }

    [Fact]
    public void Dynamic_shared_memory_begins_behind_the_static()
    {
        ulong result = _device.Allocate(8);
        _device.Load(PtxText.Kernel("""
            .shared .align 4 .b8 fixed[20];
            mov.u32 %r0, fixed;
            mov.u32 %r1, dynamic;
            sub.u32 %r2, %r1, %r0;
            mov.u32 %r3, %dynamic_smem_size;
            st.global.v2.u32 [%rd0], {%r2, %r3};
            """, declarations: ".extern .shared .align 16 .b8 dynamic[];")).Launch("K", new Index3(1), new Index3(1), 64, [result]);
        Assert.Equal([32, 64], _device.Read<int>(result, 2));
    }
}
