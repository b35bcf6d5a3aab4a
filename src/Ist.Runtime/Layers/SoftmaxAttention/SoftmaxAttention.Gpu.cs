using ILGPU;
using ILGPU.Runtime;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    // Rows of queries or keys that a warp works on at once, and elements of a head that its accumulators hold.
    private const int RowsOfWarp = 4, LargestGpuHead = 256, MostWarps = 4;

    // What every kernel may have of a multiprocessor's shared memory without asking for more.
    private const int SharedBytes = 48 << 10;

    private static void Forward<Q, K>(
        IlgpuDevice gpu, Batch batch, Act<Q> y, Act<Own> lse, Act<Q> q, Act<K> k, Act<K> v, SoftmaxAttention<Q, K> attention, KeyValuePrefix prefix)
        where Q : IWidth where K : IWidth
    {
        Refuse(gpu, attention, prefix);
        GpuShape shape = Shape(gpu, batch, attention);
        int warps = Warps(shape.Size, 1);
        gpu.For(shape.Groups(warps, attention.Heads), warps * Lane.Count, new GpuForward(
            shape, gpu.View(y.Data, Count(batch, y)), gpu.View(lse.Data, Count(batch, lse)), gpu.View(q.Data, Count(batch, q)), gpu.View(k.Data, Count(batch, k)),
            gpu.View(v.Data, Count(batch, v))), GpuShared.Bytes(shape.Size, warps, 1));
    }

    private static void Backward<Q, K>(
        IlgpuDevice gpu, Batch batch, Into into, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> delta,
        SoftmaxAttention<Q, K> attention, KeyValuePrefix prefix)
        where Q : IWidth where K : IWidth
    {
        Refuse(gpu, attention, prefix);
        GpuShape shape = Shape(gpu, batch, attention);
        int warps = Warps(shape.Size, 2), shared = GpuShared.Bytes(shape.Size, warps, 2);
        ArrayView<float> dys = gpu.View(dy.Data, Count(batch, dy)), qs = gpu.View(q.Data, Count(batch, q)), ks = gpu.View(k.Data, Count(batch, k));
        ArrayView<float> vs = gpu.View(v.Data, Count(batch, v)), lses = gpu.View(lse.Data, Count(batch, lse)), deltas = gpu.View(delta.Data, Count(batch, delta));
        gpu.For(new Index3D(batch.Rows, attention.Heads, 1), Lane.Count, new GpuDeltas(deltas, dys, gpu.View(y.Data, Count(batch, y)), attention.Heads, shape.Size));
        gpu.For(shape.Groups(warps, attention.Heads), warps * Lane.Count, new GpuQueries(
            shape, (int)into, gpu.View(dq.Data, Count(batch, dq)), dys, qs, ks, vs, lses, deltas), shared);
        gpu.For(shape.Groups(warps, attention.KeyValueHeads), warps * Lane.Count, new GpuKeys(
            shape, (int)into, gpu.View(dk.Data, Count(batch, dk)), gpu.View(dv.Data, Count(batch, dv)), dys, qs, ks, vs, lses, deltas), shared);
    }

    private static void Refuse<Q, K>(IlgpuDevice gpu, SoftmaxAttention<Q, K> attention, KeyValuePrefix prefix) where Q : IWidth where K : IWidth
    {
        if (prefix.Count > 0)
            throw gpu.Refusal.NoKernel("attention with a prefix");
        if (attention.Alibi)
            throw gpu.Refusal.NoKernel("attention with slopes (ALiBi)");
        if (attention.Cache is not null)
            throw gpu.Refusal.NoKernel("attention while a text is generated");
        if (attention.HeadSize > LargestGpuHead)
            throw gpu.Refusal.NoKernel($"attention with heads of more than {LargestGpuHead} elements");
    }

    private static GpuShape Shape<Q, K>(IlgpuDevice gpu, Batch batch, SoftmaxAttention<Q, K> attention) where Q : IWidth where K : IWidth => new()
    {
        Start = gpu.View(gpu.Mirror(batch, batch.Start), batch.Sequences),
        End = gpu.View(gpu.Mirror(batch, batch.End), batch.Sequences),
        Sequences = batch.Sequences,
        Time = batch.Time,
        Heads = attention.Heads,
        KeyHeads = attention.KeyValueHeads,
        Size = attention.HeadSize,
        Scale = attention.Scale,
        Cap = attention.Softcap ?? 0,
        Window = attention.Window ?? Everything,
        IsCausal = attention.IsCausal ? 1 : 0,
    };

    private static long Count<W>(Batch batch, Act<W> act) where W : IWidth => (long)batch.Rows * act.Width;

    private static int Warps(int size, int kinds)
    {
        int warps = MostWarps;
        while (warps > 1 && GpuShared.Bytes(size, warps, kinds) > SharedBytes)
            warps--;
        return warps;
    }
}
