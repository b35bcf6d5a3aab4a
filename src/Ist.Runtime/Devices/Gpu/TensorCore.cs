using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Instructions of tensor cores and of the shared memory that feeds them, which ILGPU does not know, as inline PTX (PTX ISA, "Warp Level
/// Matrix Multiply-Accumulate Instructions" and "Asynchronous copy"). Addresses are those of shared memory, in bytes. All threads of a warp
/// call together.
/// </summary>
internal static class TensorCore
{
    /// <summary>Bytes of <see cref="Shared"/>.</summary>
    public const int SharedBytes = 49152;

    /// <summary>Shared memory of the group; a kernel asks for it once.</summary>
    public static uint Shared()
    {
        CudaAsm.Emit(".shared .align 256 .b8 tensor_tiles[49152];\nmov.u32 %0, tensor_tiles;", out uint address);
        return address;
    }

    /// <summary>Shared memory that a launch gave the group; its first bytes are overwritten.</summary>
    public static uint GivenShared()
    {
        // ILGPU lets a launch give memory only to kernels that use it by ILGPU's own means. The first thread writes there first.
        if (Group.IdxX == 0)
            SharedMemory.GetDynamic<int>()[0] = 0;
        CudaAsm.Emit("mov.u32 %0, given_shared;", out uint address);
        return address;
    }

    /// <summary>The same PTX, in which what <see cref="GivenShared"/> names is declared. PTX wants that outside of the kernel, where ILGPU lets nothing stand.</summary>
    public static string Declared(string ptx) => ptx.Contains("given_shared", StringComparison.Ordinal)
        ? ptx.Replace(".address_size 64", ".address_size 64\n.extern .shared .align 16 .b8 given_shared[];", StringComparison.Ordinal) : ptx;

    /// <summary>Writes two values of 32 bits.</summary>
    public static void Store(uint at, uint x, uint y) => CudaAsm.Emit("st.shared.v2.b32 [%0], {%1, %2};", (ulong)at, x, y);

    /// <summary>Writes four values of 32 bits.</summary>
    public static void Store(uint at, uint x, uint y, uint z, uint w) => CudaAsm.Emit("st.shared.v4.b32 [%0], {%1, %2, %3, %4};", (ulong)at, x, y, z, w);

    /// <summary>Reads a value of 32 bits.</summary>
    public static uint Load(uint at)
    {
        CudaAsm.Emit("ld.shared.b32 %0, [%1];", out uint value, (ulong)at);
        return value;
    }

    /// <summary>Reads two values of 32 bits, from a multiple of 8.</summary>
    public static void Load(uint at, out uint x, out uint y)
    {
        Output<uint> first = default, second = default;
        Input<ulong> address = at;
        CudaAsm.EmitRef("ld.shared.v2.b32 {%0, %1}, [%2];", ref first, ref second, ref address);
        (x, y) = (first.Value, second.Value);
    }

    /// <summary>Reads four floats, from a multiple of 16.</summary>
    public static Quad LoadQuad(uint at)
    {
        Output<float> x = default, y = default, z = default, w = default;
        Input<ulong> address = at;
        CudaAsm.EmitRef("ld.shared.v4.f32 {%0, %1, %2, %3}, [%4];", ref x, ref y, ref z, ref w, ref address);
        return new Quad(x.Value, y.Value, z.Value, w.Value);
    }

    /// <summary>Four matrices of eight rows of 16 bytes; a thread gives the address of a row, threads 8 i to 8 i + 7 those of matrix i.</summary>
    public static Fragment LoadMatrices(uint at)
    {
        Output<uint> x = default, y = default, z = default, w = default;
        Input<uint> address = at;
        CudaAsm.EmitRef("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];", ref x, ref y, ref z, ref w, ref address);
        return new Fragment(x.Value, y.Value, z.Value, w.Value);
    }

    /// <summary>The same, but each matrix of 8 x 8 values of 16 bits is transposed.</summary>
    public static Fragment LoadTransposedMatrices(uint at)
    {
        Output<uint> x = default, y = default, z = default, w = default;
        Input<uint> address = at;
        CudaAsm.EmitRef("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];", ref x, ref y, ref z, ref w, ref address);
        return new Fragment(x.Value, y.Value, z.Value, w.Value);
    }

    /// <summary>Two floats as BF16, the nearest, ties to even; x in the lower half.</summary>
    public static uint BFloat16(float x, float y)
    {
        CudaAsm.Emit("cvt.rn.bf16x2.f32 %0, %2, %1;", out uint pair, x, y);
        return pair;
    }

    /// <summary>A float with the 10 bits of TF32's fraction, the nearest, ties away from 0.</summary>
    public static uint TF32(float x)
    {
        CudaAsm.Emit("cvt.rna.tf32.f32 %0, %1;", out uint value, x);
        return value;
    }

    /// <summary>
    /// The sums and a b over 16 terms of BF16: 16 x 32 sums, 16 x 8 in each quad, of which a thread has (g, 2 t), (g, 2 t + 1) and the same of row g + 8. Quads
    /// A and B are of the eights of the first fragment's columns, C and D of the second's.
    /// </summary>
    public static QuadBlock MultiplyBFloat16(QuadBlock sums, Fragment a, Fragment first, Fragment second)
    {
        Ref<float> a0 = sums.A.X, a1 = sums.A.Y, a2 = sums.A.Z, a3 = sums.A.W;
        Ref<float> b0 = sums.B.X, b1 = sums.B.Y, b2 = sums.B.Z, b3 = sums.B.W;
        Ref<float> c0 = sums.C.X, c1 = sums.C.Y, c2 = sums.C.Z, c3 = sums.C.W;
        Ref<float> d0 = sums.D.X, d1 = sums.D.Y, d2 = sums.D.Z, d3 = sums.D.W;
        Input<uint> x0 = a.X, x1 = a.Y, x2 = a.Z, x3 = a.W, y0 = first.X, y1 = first.Y, y2 = first.Z, y3 = first.W;
        Input<uint> z0 = second.X, z1 = second.Y, z2 = second.Z, z3 = second.W;
        CudaAsm.EmitRef(
            """
            mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%16, %17, %18, %19}, {%20, %21}, {%0, %1, %2, %3};
            mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%4, %5, %6, %7}, {%16, %17, %18, %19}, {%22, %23}, {%4, %5, %6, %7};
            mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%8, %9, %10, %11}, {%16, %17, %18, %19}, {%24, %25}, {%8, %9, %10, %11};
            mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%12, %13, %14, %15}, {%16, %17, %18, %19}, {%26, %27}, {%12, %13, %14, %15};
            """,
            ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref c0, ref c1, ref c2, ref c3, ref d0, ref d1, ref d2, ref d3,
            ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3, ref z0, ref z1, ref z2, ref z3);
        return new QuadBlock
        {
            A = new Quad(a0.Value, a1.Value, a2.Value, a3.Value),
            B = new Quad(b0.Value, b1.Value, b2.Value, b3.Value),
            C = new Quad(c0.Value, c1.Value, c2.Value, c3.Value),
            D = new Quad(d0.Value, d1.Value, d2.Value, d3.Value),
        };
    }

    /// <summary>The sums and a b over 8 terms of TF32; the sums as of <see cref="MultiplyBFloat16"/>.</summary>
    public static QuadBlock MultiplyTF32(QuadBlock sums, Fragment a, Fragment first, Fragment second)
    {
        Ref<float> a0 = sums.A.X, a1 = sums.A.Y, a2 = sums.A.Z, a3 = sums.A.W;
        Ref<float> b0 = sums.B.X, b1 = sums.B.Y, b2 = sums.B.Z, b3 = sums.B.W;
        Ref<float> c0 = sums.C.X, c1 = sums.C.Y, c2 = sums.C.Z, c3 = sums.C.W;
        Ref<float> d0 = sums.D.X, d1 = sums.D.Y, d2 = sums.D.Z, d3 = sums.D.W;
        Input<uint> x0 = a.X, x1 = a.Y, x2 = a.Z, x3 = a.W, y0 = first.X, y1 = first.Y, y2 = first.Z, y3 = first.W;
        Input<uint> z0 = second.X, z1 = second.Y, z2 = second.Z, z3 = second.W;
        CudaAsm.EmitRef(
            """
            mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%16, %17, %18, %19}, {%20, %21}, {%0, %1, %2, %3};
            mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%4, %5, %6, %7}, {%16, %17, %18, %19}, {%22, %23}, {%4, %5, %6, %7};
            mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%8, %9, %10, %11}, {%16, %17, %18, %19}, {%24, %25}, {%8, %9, %10, %11};
            mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%12, %13, %14, %15}, {%16, %17, %18, %19}, {%26, %27}, {%12, %13, %14, %15};
            """,
            ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref b2, ref b3, ref c0, ref c1, ref c2, ref c3, ref d0, ref d1, ref d2, ref d3,
            ref x0, ref x1, ref x2, ref x3, ref y0, ref y1, ref y2, ref y3, ref z0, ref z1, ref z2, ref z3);
        return new QuadBlock
        {
            A = new Quad(a0.Value, a1.Value, a2.Value, a3.Value),
            B = new Quad(b0.Value, b1.Value, b2.Value, b3.Value),
            C = new Quad(c0.Value, c1.Value, c2.Value, c3.Value),
            D = new Quad(d0.Value, d1.Value, d2.Value, d3.Value),
        };
    }

    /// <summary>
    /// Four sums side by side of the 16 x 8 that a warp has in a quad each: two neighbours of a row have four of it together, and four of the row 8 below;
    /// even threads get those of the row above, odd ones those below.
    /// </summary>
    public static Quad SideBySide(Quad sums)
    {
        bool lower = (Lane.Index & 1) != 0;
        float first = Warp.ShuffleXor(lower ? sums.X : sums.Z, 1), second = Warp.ShuffleXor(lower ? sums.Y : sums.W, 1);
        return lower ? new Quad(first, second, sums.Z, sums.W) : new Quad(sums.X, sums.Y, first, second);
    }

    /// <summary>Begins to copy 16 bytes of global memory; of fewer the rest becomes 0. They are there after a wait and a barrier.</summary>
    public static void Copy(uint to, long from, int bytes) => CudaAsm.Emit("cp.async.cg.shared.global [%0], [%1], 16, %2;", to, from, bytes);

    /// <summary>The same with 8 bytes.</summary>
    public static void CopyHalf(uint to, long from, int bytes) => CudaAsm.Emit("cp.async.ca.shared.global [%0], [%1], 8, %2;", to, from, bytes);

    /// <summary>The thread's copies that were begun since the last call are one thing to wait for.</summary>
    public static void EndCopies() => CudaAsm.Emit("cp.async.commit_group;");

    /// <summary>Waits for the thread's copies but for those that <see cref="EndCopies"/> ended last.</summary>
    public static void WaitForAllButLastCopies() => CudaAsm.Emit("cp.async.wait_group 1;");

    /// <summary>The same but for the last two.</summary>
    public static void WaitForAllButLastTwoCopies() => CudaAsm.Emit("cp.async.wait_group 2;");

    /// <summary>Waits for the thread's copies.</summary>
    public static void WaitForCopies() => CudaAsm.Emit("cp.async.wait_all;");
}
