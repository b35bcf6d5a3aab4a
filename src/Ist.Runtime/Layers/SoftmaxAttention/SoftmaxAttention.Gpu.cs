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
        IlgpuDevice gpu, Run run, Act<Q> y, Act<Own> lse, Act<Q> q, Act<K> k, Act<K> v, SoftmaxAttention<Q, K> attention, KeyValuePrefix prefix)
        where Q : IWidth where K : IWidth
    {
        Batch batch = run.Batch;
        GpuShape shape = Shape(gpu, batch, attention, prefix);
        Values keys = gpu.Values(k.Data, Count(batch, k)), values = gpu.Values(v.Data, Count(batch, v));
        if (attention.Cache is { } cache)
        {
            cache.Append(gpu, batch, k.Data, v.Data);
            (shape.Past, shape.Capacity) = (batch.Past, cache.Capacity);
            (keys, values) = (gpu.Values(cache.Keys, cache.Count), gpu.Values(cache.Values, cache.Count));
        }
        Values ys = gpu.Values(y.Data, Count(batch, y)), qs = gpu.Values(q.Data, Count(batch, q));
        ArrayView<float> lses = gpu.View(lse.Data, Count(batch, lse));
        if (attention.Cache is not null && Parts(shape, batch) is > 1 and var parts)
        {
            Decode(gpu, shape, batch.Sequences, parts, ys, lses, qs, keys, values);
            return;
        }
        if (IsOnTensorCores(gpu, attention, prefix))
        {
            Index3D groups = TensorGroups(LongestRoom(batch), attention.Heads, batch.Segments);
            Launch(gpu, run.Precision, shape.Size, new TensorForwardPass(groups, shape, ys, lses, qs, keys, values));
            return;
        }
        int warps = Warps(shape.Size, 1);
        gpu.For(
            Groups(LongestRoom(batch), warps, attention.Heads, batch.Segments), warps * Lane.Count, new GpuForward(shape, ys, lses, qs, keys, values),
            GpuShared.Bytes(shape.Size, warps, 1));
    }

    private static void Backward<Q, K>(
        IlgpuDevice gpu, Run run, Into into, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> delta,
        SoftmaxAttention<Q, K> attention, KeyValuePrefix prefix)
        where Q : IWidth where K : IWidth
    {
        Batch batch = run.Batch;
        GpuShape shape = Shape(gpu, batch, attention, prefix);
        int room = LongestRoom(batch);
        Values dqs = gpu.Values(dq.Data, Count(batch, dq)), dks = gpu.Values(dk.Data, Count(batch, dk)), dvs = gpu.Values(dv.Data, Count(batch, dv));
        Values dys = gpu.Values(dy.Data, Count(batch, dy)), qs = gpu.Values(q.Data, Count(batch, q)), ks = gpu.Values(k.Data, Count(batch, k));
        Values vs = gpu.Values(v.Data, Count(batch, v));
        ArrayView<float> lses = gpu.View(lse.Data, Count(batch, lse)), deltas = gpu.View(delta.Data, Count(batch, delta));
        gpu.For(new Index3D(batch.Rows, attention.Heads, 1), Lane.Count, new GpuDeltas(deltas, dys, gpu.Values(y.Data, Count(batch, y)), attention.Heads, shape.Size));
        if (IsOnTensorCores(gpu, attention, prefix))
        {
            Index3D ofQueries = TensorGroups(room, attention.Heads, batch.Segments), ofKeys = TensorGroups(room, attention.KeyValueHeads, batch.Segments);
            Launch(gpu, run.Precision, shape.Size, new TensorBackwardPass(ofQueries, ofKeys, shape, into, dqs, dks, dvs, dys, qs, ks, vs, lses, deltas));
            return;
        }
        int warps = Warps(shape.Size, 2), threads = warps * Lane.Count, shared = GpuShared.Bytes(shape.Size, warps, 2);
        var seen = new GpuSeen(shape, dys, qs, lses, deltas);
        gpu.For(
            Groups(room, warps, attention.Heads, batch.Segments), threads, new GpuQueries(shape, (int)into, dqs, dys, qs, ks, vs, lses, deltas), shared);
        gpu.For(Groups(room, warps, attention.KeyValueHeads, batch.Segments), threads, new GpuKeys(seen, (int)into, dks, dvs, ks, vs), shared);
        if (prefix.Count == 0 || prefix.KeyGradients is null)
            return;
        gpu.For(Groups(prefix.Count, warps, attention.KeyValueHeads, 1), threads, new GpuPrefixKeys(
            seen, gpu.View(prefix.KeyGradients, Count(prefix, k.Width)), gpu.View(prefix.ValueGradients, Count(prefix, k.Width)), batch.Segments), shared);
    }

    private static GpuShape Shape<Q, K>(IlgpuDevice gpu, Batch batch, SoftmaxAttention<Q, K> attention, KeyValuePrefix prefix)
        where Q : IWidth where K : IWidth
    {
        if (attention.HeadSize > LargestGpuHead)
            throw gpu.Refusal.NoKernel($"attention with heads of more than {LargestGpuHead} elements");
        int width = attention.KeyValueHeads * attention.HeadSize, power = AlibiSlopes.Power(attention.Heads);
        return new GpuShape
        {
            Rows = gpu.View(gpu.Mirror(batch, batch.SegmentRows), batch.Segments + 1),
            Start = gpu.View(gpu.Mirror(batch, batch.SegmentStart), batch.Segments),
            End = gpu.View(gpu.Mirror(batch, batch.SegmentEnd), batch.Segments),
            Heads = attention.Heads,
            KeyHeads = attention.KeyValueHeads,
            Size = attention.HeadSize,
            Scale = attention.Scale,
            Cap = attention.Softcap ?? 0,
            Window = attention.Window ?? Everything,
            IsCausal = attention.IsCausal ? 1 : 0,
            SlopePower = power,
            SlopeRatio = attention.Alibi ? Math.Pow(2, -4.0 / power) : 0,
            Prefix = prefix.Count == 0 ? default : new GpuPrefix
            {
                Keys = gpu.View(prefix.Keys, Count(prefix, width)),
                Values = gpu.View(prefix.Values, Count(prefix, width)),
                Count = prefix.Count,
                Stride = prefix.Stride,
                Scale = prefix.Scale,
            },
        };
    }

    /// <summary>Groups for so many rows of each sequence in all heads, four for each warp.</summary>
    private static Index3D Groups(int rows, int warps, int heads, int sequences) =>
        new((rows + RowsOfWarp * warps - 1) / (RowsOfWarp * warps), heads, sequences);

    /// <summary>The rows of the largest segment, padding included.</summary>
    private static int LongestRoom(Batch batch)
    {
        int longest = 0;
        for (int s = 0; s < batch.Segments; s++)
            longest = Math.Max(longest, batch.SegmentRows[s + 1] - batch.SegmentRows[s]);
        return longest;
    }

    private static long Count<W>(Batch batch, Act<W> act) where W : IWidth => (long)batch.Rows * act.Width;

    private static long Count(KeyValuePrefix prefix, int width) => (prefix.Count - 1L) * prefix.Stride + width;

    private static int Warps(int size, int kinds)
    {
        int warps = MostWarps;
        while (warps > 1 && GpuShared.Bytes(size, warps, kinds) > SharedBytes)
            warps--;
        return warps;
    }
}
