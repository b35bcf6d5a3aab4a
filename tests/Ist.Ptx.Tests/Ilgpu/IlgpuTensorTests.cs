using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Ist.Ptx.Tests.Ilgpu;

/// <summary>Inline PTX: tensor cores, asynchronous copies, and more than 48 KiB of shared memory.</summary>
[Collection(DeviceCollection.Name)]
public sealed partial class IlgpuTensorTests
{
    private const int MaxDynamicSharedBytes = 8;

    [Fact]
    public void Tensor_cores_multiply_what_asynchronous_copies_and_ldmatrix_brought()
    {
        using var device = new IlgpuDevice();
        var random = new Random(5);
        float[] a = [.. Enumerable.Range(0, 16 * 16).Select(_ => (float)random.Next(-9, 10))];
        float[] b = [.. Enumerable.Range(0, 16 * 8).Select(_ => (float)random.Next(-9, 10))];
        using var left = device.Upload([.. a.Select(Brain)]);
        using var right = device.Upload([.. b.Select(Brain)]);
        using var result = device.Accelerator.Allocate1D<float>(16 * 8);
        var kernel = device.Accelerator.LoadStreamKernel<long, long, ArrayView<float>>(TensorKernel);

        kernel(new KernelConfig(1, 32), left.NativePtr, right.NativePtr, result.View);

        float[] c = result.GetAsArray1D();
        for (int i = 0; i < 16 * 8; i++)
            Assert.Equal(Enumerable.Range(0, 16).Sum(k => a[(i / 8 * 16) + k] * b[(k * 8) + (i % 8)]), c[i]);
    }

    [Fact]
    public void Shared_memory_of_96_KiB_needs_the_opt_in()
    {
        const int floats = 96 * 256;
        using var device = new IlgpuDevice();
        using var result = device.Accelerator.Allocate1D<float>(floats);
        var kernel = device.Accelerator.LoadKernel<ArrayView<float>>(SharedKernel);
        var config = new KernelConfig(1, 256, SharedMemoryConfig.RequestDynamic<float>(floats));
        var stream = device.Accelerator.DefaultStream;

        var refused = Assert.Throws<CudaException>(() => kernel(stream, config, result.View));
        Assert.Contains("98304 bytes of dynamic shared memory, where it may have 49152", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, SetAttribute(((CudaKernel)kernel.GetKernel()).FunctionPtr, MaxDynamicSharedBytes, 4 * floats));
        kernel(stream, config, result.View);

        Assert.Equal(Enumerable.Range(0, floats).Select(i => (float)(floats - 1 - i)), result.GetAsArray1D());
    }

    private static ushort Brain(float x) => (ushort)(BitConverter.SingleToUInt32Bits(x) >> 16);

    // By the driver's name, as a program has it: the test device answers.
    [LibraryImport("libcuda.so.1", EntryPoint = "cuFuncSetAttribute")]
    private static partial int SetAttribute(nint function, int attribute, int value);

    private static void SharedKernel(ArrayView<float> y)
    {
        var cells = SharedMemory.GetDynamic<float>();
        for (int i = Group.IdxX; i < cells.IntLength; i += Group.DimX)
            cells[i] = i;
        Group.Barrier();
        for (int i = Group.IdxX; i < cells.IntLength; i += Group.DimX)
            y[i] = cells[cells.IntLength - 1 - i];
    }

    private static void TensorKernel(long a, long b, ArrayView<float> y)
    {
        int lane = Group.IdxX;
        // A: 16 rows of 32 bytes, B: 16 rows of 16 bytes behind them.
        CudaAsm.Emit(
            """
            .shared .align 16 .b8 tiles[768];
            {
            .reg .b32 t;
            .reg .b64 s;
            mov.u32 t, tiles;
            mad.lo.u32 t, %0, 16, t;
            mad.wide.u32 s, %0, 16, %1;
            cp.async.cg.shared.global [t], [s], 16;
            }
            """,
            lane,
            a);
        if (lane < 16)
        {
            CudaAsm.Emit(
                """
                {
                .reg .b32 t;
                .reg .b64 s;
                mov.u32 t, tiles;
                mad.lo.u32 t, %0, 16, t;
                mad.wide.u32 s, %0, 16, %1;
                cp.async.ca.shared.global [t+512], [s], 16;
                }
                """,
                lane,
                b);
        }
        CudaAsm.Emit("cp.async.commit_group;\ncp.async.wait_group 0;");
        Group.Barrier();
        // Matrices of A: rows 0-7 and 8-15 of columns 0-7, then of columns 8-15.
        int offset = ((lane & 15) * 32) + (lane / 16 * 16);
        Output<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Input<int> rowOfA = offset, rowOfB = lane & 15;
        CudaAsm.EmitRef(
            """
            {
            .reg .b32 t, a0, a1, a2, a3, b0, b1;
            mov.u32 t, tiles;
            add.u32 t, t, %4;
            ldmatrix.sync.aligned.m8n8.x4.shared.b16 {a0, a1, a2, a3}, [t];
            mov.u32 t, tiles;
            mad.lo.u32 t, %5, 16, t;
            ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {b0, b1}, [t+512];
            mov.f32 %0, 0f00000000;
            mov.f32 %1, 0f00000000;
            mov.f32 %2, 0f00000000;
            mov.f32 %3, 0f00000000;
            mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {a0, a1, a2, a3}, {b0, b1}, {%0, %1, %2, %3};
            }
            """,
            ref c0,
            ref c1,
            ref c2,
            ref c3,
            ref rowOfA,
            ref rowOfB);
        int row = lane / 4, column = 2 * (lane % 4);
        y[(row * 8) + column] = c0.Value;
        y[(row * 8) + column + 1] = c1.Value;
        y[((row + 8) * 8) + column] = c2.Value;
        y[((row + 8) * 8) + column + 1] = c3.Value;
    }
}
