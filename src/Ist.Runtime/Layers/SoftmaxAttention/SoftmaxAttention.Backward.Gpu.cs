using ILGPU;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>delta = sum of dy y over a head of a row: a warp.</summary>
    internal readonly struct GpuDeltas(ArrayView<float> delta, ArrayView<float> dy, ArrayView<float> y, int heads, int size) : IGpuJob
    {
        public void Execute()
        {
            long place = (long)Grid.IdxX * heads + Grid.IdxY, at = place * size;
            float sum = 0;
            for (int i = 4 * Lane.Index; i < size; i += 4 * Lane.Count)
                sum = Quad.Dot(Quads.Load(dy, at + i, size - i, Quads.Align(size)), Quads.Load(y, at + i, size - i, Quads.Align(size)), sum);
            sum = Lane.Sum(sum);
            if (Lane.Index == 0)
                delta[place] = sum;
        }
    }

    /// <summary>dq: a warp is four queries of a head, a lane a key. P is made again from lse.</summary>
    internal readonly struct GpuQueries(
        GpuShape shape, int into, ArrayView<float> dq, ArrayView<float> dy, ArrayView<float> q, ArrayView<float> k, ArrayView<float> v, ArrayView<float> lse,
        ArrayView<float> delta) : IGpuJob
    {
        public void Execute()
        {
            var shared = new GpuShared(shape.Size);
            int head = Grid.IdxY, keyHead = head / (shape.Heads / shape.KeyHeads), rows = Group.DimX / Lane.Count * RowsOfWarp;
            int begin = Grid.IdxX * rows, own = begin + Lane.Warp * RowsOfWarp;
            int first = shape.IsCausal == 0 ? shape.First : IntrinsicMath.Max(shape.First, begin + 1 - shape.Window);
            int end = shape.IsCausal == 0 ? shape.Last : IntrinsicMath.Min(shape.Last, begin + rows);
            GpuRows sums = default;
            shared.LoadOwn(0, q, shape, shape.Heads, head, own);
            shared.LoadOwn(1, dy, shape, shape.Heads, head, own);
            for (int column = first; column < end; column += Lane.Count)
            {
                Group.Barrier();
                shared.LoadTile(k, shape, shape.KeyHeads, keyHead, column, end);
                Group.Barrier();
                Quad score = shared.Dots(0);
                Group.Barrier();
                shared.LoadTile(v, shape, shape.KeyHeads, keyHead, column, end);
                Group.Barrier();
                Quad slope = shared.Dots(1);
                int key = column + Lane.Index;
                var weights = new Quad(
                    Slope(score.X, slope.X, own, key, head), Slope(score.Y, slope.Y, own + 1, key, head), Slope(score.Z, slope.Z, own + 2, key, head),
                    Slope(score.W, slope.W, own + 3, key, head));
                Group.Barrier();
                shared.LoadTile(k, shape, shape.KeyHeads, keyHead, column, end);
                Group.Barrier();
                shared.Add(weights, ref sums);
            }
            sums.Put(into == (int)Into.Add, dq, shape, shape.Heads, head, own);
        }

        private float Slope(float product, float slope, int query, int key, int head)
        {
            if (!shape.Sees(query, key))
                return 0;
            long saved = shape.Saved(query, head);
            float score = shape.Score(product);
            return GpuMath.Exp(score - lse[saved]) * (slope - delta[saved]) * shape.Slope(score);
        }
    }

    /// <summary>
    /// dk and dv: a warp is four keys of a key head, a lane a query. Queries add up over the heads of the group and then over tiles, in order.
    /// </summary>
    internal readonly struct GpuKeys(
        GpuShape shape, int into, ArrayView<float> dk, ArrayView<float> dv, ArrayView<float> dy, ArrayView<float> q, ArrayView<float> k, ArrayView<float> v,
        ArrayView<float> lse, ArrayView<float> delta) : IGpuJob
    {
        public void Execute()
        {
            var shared = new GpuShared(shape.Size);
            int keyHead = Grid.IdxY, group = shape.Heads / shape.KeyHeads, rows = Group.DimX / Lane.Count * RowsOfWarp;
            int begin = Grid.IdxX * rows, own = begin + Lane.Warp * RowsOfWarp;
            int first = shape.IsCausal == 0 ? shape.First : IntrinsicMath.Max(shape.First, begin);
            int end = shape.IsCausal == 0 ? shape.Last : IntrinsicMath.Min(shape.Last, begin + rows - 1 + shape.Window);
            GpuRows keys = default, values = default;
            shared.LoadOwn(0, k, shape, shape.KeyHeads, keyHead, own);
            shared.LoadOwn(1, v, shape, shape.KeyHeads, keyHead, own);
            for (int head = keyHead * group; head < (keyHead + 1) * group; head++)
            {
                for (int column = first; column < end; column += Lane.Count)
                {
                    Group.Barrier();
                    shared.LoadTile(q, shape, shape.Heads, head, column, end);
                    Group.Barrier();
                    Quad score = shared.Dots(0);
                    int query = column + Lane.Index;
                    long saved = shape.Saved(IntrinsicMath.Min(query, shape.Time - 1), head);
                    float shift = lse[saved], mean = delta[saved];
                    Quad p = new(
                        Weight(ref score.X, query, own, shift), Weight(ref score.Y, query, own + 1, shift), Weight(ref score.Z, query, own + 2, shift),
                        Weight(ref score.W, query, own + 3, shift));
                    Group.Barrier();
                    shared.LoadTile(dy, shape, shape.Heads, head, column, end);
                    Group.Barrier();
                    Quad slope = shared.Dots(1);
                    shared.Add(p, ref values);
                    slope = p * (slope + Quad.Of(-mean));
                    slope *= new Quad(shape.Slope(score.X), shape.Slope(score.Y), shape.Slope(score.Z), shape.Slope(score.W));
                    Group.Barrier();
                    shared.LoadTile(q, shape, shape.Heads, head, column, end);
                    Group.Barrier();
                    shared.Add(slope, ref keys);
                }
            }
            keys.Put(into == (int)Into.Add, dk, shape, shape.KeyHeads, keyHead, own);
            values.Put(into == (int)Into.Add, dv, shape, shape.KeyHeads, keyHead, own);
        }

        /// <summary>P of a product, which becomes the score.</summary>
        private float Weight(ref float product, int query, int key, float shift)
        {
            product = shape.Score(product);
            return shape.Sees(query, key) ? GpuMath.Exp(product - shift) : 0;
        }
    }
}
