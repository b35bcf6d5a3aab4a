using ILGPU;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>delta = sum of dy y over a head of a row: a warp.</summary>
    internal readonly struct GpuDeltas(ArrayView<float> delta, Values dy, Values y, int heads, int size) : IGpuJob
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
        GpuShape shape, int into, Values dq, Values dy, Values q, Values k, Values v, ArrayView<float> lse,
        ArrayView<float> delta) : IGpuJob
    {
        public void Execute()
        {
            var reach = new GpuReach(shape, Grid.IdxZ);
            var shared = new GpuShared(shape.Size);
            int head = Grid.IdxY, keyHead = shape.KeyHead(head), rows = Group.DimX / Lane.Count * RowsOfWarp;
            int begin = Grid.IdxX * rows, own = begin + Lane.Warp * RowsOfWarp;
            int end = begin < reach.End ? reach.EndKey(begin + rows) : int.MinValue;
            float incline = shape.Incline(head);
            GpuHead before = reach.Before(shape.Prefix.Keys, keyHead), keys = reach.Keys(k, keyHead);
            GpuRows sums = default;
            shared.LoadOwn(0, reach.Queries(q, head), own);
            shared.LoadOwn(1, reach.Queries(dy, head), own);
            for (int column = reach.FirstKey(begin); column < end; column += Lane.Count)
            {
                Group.Barrier();
                shared.LoadKeys(before, keys, reach.First, column, end);
                Group.Barrier();
                Quad score = shared.Dots(0);
                Group.Barrier();
                shared.LoadKeys(reach.Before(shape.Prefix.Values, keyHead), reach.Keys(v, keyHead), reach.First, column, end);
                Group.Barrier();
                Quad slope = shared.Dots(1);
                int key = column + Lane.Index;
                var weights = new Quad(
                    Slope(reach, incline, score.X, slope.X, own, key, head), Slope(reach, incline, score.Y, slope.Y, own + 1, key, head),
                    Slope(reach, incline, score.Z, slope.Z, own + 2, key, head), Slope(reach, incline, score.W, slope.W, own + 3, key, head));
                Group.Barrier();
                shared.LoadKeys(before, keys, reach.First, column, end);
                Group.Barrier();
                shared.Add(weights, ref sums);
            }
            sums.Put(into == (int)Into.Add, reach.Queries(dq, head), own);
        }

        private float Slope(GpuReach reach, float incline, float product, float slope, int query, int key, int head)
        {
            if (!reach.Sees(query, key))
                return 0;
            long saved = reach.Saved(query, head);
            float score = shape.Score(product);
            return GpuMath.Exp(score + incline * (key - query) - lse[saved]) * (slope - delta[saved]) * shape.Slope(score);
        }
    }

    /// <summary>dk and dv: a warp is four keys of a key head, a lane a query.</summary>
    internal readonly struct GpuKeys(
        GpuSeen seen, int into, Values dk, Values dv, Values k, Values v) : IGpuJob
    {
        public void Execute()
        {
            var reach = new GpuReach(seen.Shape, Grid.IdxZ);
            var shared = new GpuShared(seen.Shape.Size);
            int begin = Grid.IdxX * GpuSeen.Rows, own = begin + Lane.Warp * RowsOfWarp;
            GpuRows keys = default, values = default;
            shared.LoadOwn(0, reach.Keys(k, Grid.IdxY), own);
            shared.LoadOwn(1, reach.Keys(v, Grid.IdxY), own);
            if (begin < reach.End)
                seen.Add(reach, shared, begin, reach.First, ref keys, ref values);
            keys.Put(into == (int)Into.Add, reach.Keys(dk, Grid.IdxY), own);
            values.Put(into == (int)Into.Add, reach.Keys(dv, Grid.IdxY), own);
        }
    }

    /// <summary>The gradients of a prefix: a warp is four of its positions; the queries of all sequences add up, in order.</summary>
    internal readonly struct GpuPrefixKeys(GpuSeen seen, ArrayView<float> dk, ArrayView<float> dv, int sequences) : IGpuJob
    {
        public void Execute()
        {
            GpuPrefix prefix = seen.Shape.Prefix;
            int size = seen.Shape.Size, begin = Grid.IdxX * GpuSeen.Rows, own = begin + Lane.Warp * RowsOfWarp;
            long head = (long)Grid.IdxY * size;
            var shared = new GpuShared(size);
            GpuRows keys = default, values = default;
            shared.LoadOwn(0, new GpuHead(prefix.Keys, head, prefix.Stride, prefix.Count, size, prefix.Scale), own);
            shared.LoadOwn(1, new GpuHead(prefix.Values, head, prefix.Stride, prefix.Count, size, prefix.Scale), own);
            for (int sequence = 0; sequence < sequences; sequence++)
            {
                var reach = new GpuReach(seen.Shape, sequence);
                int first = reach.First - prefix.Count;
                seen.Add(reach, shared, first + begin, first, ref keys, ref values);
            }
            keys.Put(true, new GpuHead(dk, head, prefix.Stride, prefix.Count, size, prefix.Scale), own);
            values.Put(true, new GpuHead(dv, head, prefix.Stride, prefix.Count, size, prefix.Scale), own);
        }
    }
}
