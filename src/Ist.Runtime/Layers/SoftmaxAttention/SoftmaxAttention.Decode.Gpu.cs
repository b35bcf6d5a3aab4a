using ILGPU;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    // Keys of a part at least, and parts at most: a lane of the warp that joins them has one.
    private const int PartKeys = 64, MostParts = Lane.Count;

    /// <summary>Parts of the keys that one query of each sequence sees; 1 where cutting them is not worth it, or there is no room for more.</summary>
    private static int Parts(GpuShape shape, Batch batch)
    {
        int keys = Math.Min(batch.Past + 1 + shape.Prefix.Count, shape.Window);
        long room = IlgpuDevice.WorkspaceBytes / sizeof(float) / ((long)batch.Sequences * shape.Heads * GpuJoin.Stride(shape.Size));
        return batch.Time > 1 ? 1 : (int)Math.Clamp(Math.Min(keys / PartKeys, room), 1, MostParts);
    }

    /// <summary>
    /// Attention of one query for each sequence over a long cache (Dao and others, "Flash-Decoding for long-context inference", 2023): groups of
    /// their own work on parts of the keys, and what they have is joined in the order of the parts.
    /// </summary>
    private static void Decode(
        IlgpuDevice gpu, GpuShape shape, int sequences, int parts, Values y, ArrayView<float> lse, Values q, Values k, Values v)
    {
        int warps = Warps(shape.Size, 1), blocks = (shape.Heads / shape.KeyHeads + RowsOfWarp * warps - 1) / (RowsOfWarp * warps);
        int keys = Math.Min(shape.Past + 1 + shape.Prefix.Count, shape.Window), length = (keys + parts - 1) / parts;
        ArrayView<float> sums = gpu.View((float*)gpu.Workspace, (long)sequences * shape.Heads * parts * GpuJoin.Stride(shape.Size));
        gpu.For(
            new Index3D(parts, shape.KeyHeads * blocks, sequences), warps * Lane.Count, new GpuDecode(shape, sums, q, k, v, length), GpuShared.Bytes(shape.Size, warps, 1));
        gpu.For(new Index3D(shape.Heads, sequences, 1), Lane.Count, new GpuJoin(shape, y, lse, sums, parts));
    }

    /// <summary>
    /// A warp is four heads that read the same keys, with the one query of their sequence; otherwise as <see cref="GpuForward"/>. A group's keys
    /// are a part of those that the query sees. What it leaves of a head is the values' sum, its largest score, and the sum of weights.
    /// </summary>
    internal readonly struct GpuDecode(
        GpuShape shape, ArrayView<float> sums, Values q, Values k, Values v, int length) : IGpuJob
    {
        public void Execute()
        {
            var reach = new GpuReach(shape, Grid.IdxZ);
            var shared = new GpuShared(shape.Size);
            int heads = shape.Heads / shape.KeyHeads, rows = Group.DimX / Lane.Count * RowsOfWarp, blocks = (heads + rows - 1) / rows;
            int keyHead = Grid.IdxY / blocks, first = keyHead * heads, own = Grid.IdxY % blocks * rows + Lane.Warp * RowsOfWarp, query = shape.Past;
            int begin = reach.FirstKey(query) + Grid.IdxX * length, end = IntrinsicMath.Min(reach.EndKey(query + 1), begin + length);
            var incline = new Quad(shape.Incline(first + own), shape.Incline(first + own + 1), shape.Incline(first + own + 2), shape.Incline(first + own + 3));
            Quad max = Quad.Of(float.NegativeInfinity), sum = default;
            GpuRows result = default;
            shared.LoadOwn(0, new GpuHead(q, reach.Saved(query, first) * shape.Size, shape.Size, heads, shape.Size, 1), own);
            for (int column = begin; column < end; column += Lane.Count)
            {
                Group.Barrier();
                shared.LoadKeys(reach.Before(shape.Prefix.Keys, keyHead), reach.Keys(k, keyHead), reach.First, column, end);
                Group.Barrier();
                Quad p = shared.Dots(0), shrink;
                int key = column + Lane.Index;
                bool sees = key < end && reach.Sees(query, key);
                shrink.X = shape.Weigh(sees, incline.X * (key - query), ref p.X, ref max.X, ref sum.X);
                shrink.Y = shape.Weigh(sees, incline.Y * (key - query), ref p.Y, ref max.Y, ref sum.Y);
                shrink.Z = shape.Weigh(sees, incline.Z * (key - query), ref p.Z, ref max.Z, ref sum.Z);
                shrink.W = shape.Weigh(sees, incline.W * (key - query), ref p.W, ref max.W, ref sum.W);
                Group.Barrier();
                shared.LoadKeys(reach.Before(shape.Prefix.Values, keyHead), reach.Keys(v, keyHead), reach.First, column, end);
                Group.Barrier();
                result.Multiply(shrink);
                shared.Add(p, ref result);
            }
            int stride = GpuJoin.Stride(shape.Size);
            long part = (((long)Grid.IdxZ * shape.Heads + first) * Grid.DimX + Grid.IdxX) * stride;
            var left = new GpuHead(sums, part, Grid.DimX * stride, heads, shape.Size, 1);
            var numbers = new GpuHead(sums, part + stride - 4, Grid.DimX * stride, heads, 4, 1);
            result.Put(false, left, own);
            if (Lane.Index != 0)
                return;
            numbers.Put(new Quad(max.X, sum.X, 0, 0), false, own, 0);
            numbers.Put(new Quad(max.Y, sum.Y, 0, 0), false, own + 1, 0);
            numbers.Put(new Quad(max.Z, sum.Z, 0, 0), false, own + 2, 0);
            numbers.Put(new Quad(max.W, sum.W, 0, 0), false, own + 3, 0);
        }
    }

    /// <summary>Joins the parts of a head: a warp, whose lanes have a part's weight each.</summary>
    internal readonly struct GpuJoin(GpuShape shape, Values y, ArrayView<float> lse, ArrayView<float> sums, int parts) : IGpuJob
    {
        /// <summary>Floats that a part leaves of a head: its sum, padded, and four more, the first two of which are its largest score and the sum of weights.</summary>
        public static int Stride(int size) => (size + 3) / 4 * 4 + 4;

        public void Execute()
        {
            var reach = new GpuReach(shape, Grid.IdxY);
            int stride = Stride(shape.Size);
            long first = ((long)Grid.IdxY * shape.Heads + Grid.IdxX) * parts * stride, saved = reach.Saved(shape.Past, Grid.IdxX);
            Quad numbers = Lane.Index < parts ? Quads.Load(sums, first + (Lane.Index + 1) * stride - 4, 4, true) : new Quad(float.NegativeInfinity, 0, 0, 0);
            float max = Lane.Max(numbers.X), shift = max == float.NegativeInfinity ? 0 : max, weight = GpuMath.Exp(numbers.X - shift);
            float sum = Lane.Sum(weight * numbers.Y), inverse = sum == 0 ? 0 : 1 / sum;
            for (int quads = 0; 4 * quads < shape.Size; quads += Lane.Count)
            {
                int at = 4 * (quads + Lane.Index), left = shape.Size - at;
                Quad total = default;
                for (int part = 0; part < parts; part++)
                {
                    float w = Warp.Shuffle(weight, part);
                    if (left > 0)
                        total = Quad.MultiplyAdd(Quads.Load(sums, first + part * stride + at, left, Quads.Align(shape.Size)), w, total);
                }
                if (left > 0)
                    Quads.Store(total * inverse, y, saved * shape.Size + at, left, Quads.Align(shape.Size));
            }
            if (Lane.Index == 0)
                lse[saved] = sum == 0 ? 0 : (float)(max + GpuMath.Log(sum));
        }
    }
}
