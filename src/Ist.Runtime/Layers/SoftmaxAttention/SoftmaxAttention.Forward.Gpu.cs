using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// A warp is four queries of a head; a lane is a key while scores are made, and four elements of the head while values are added. Tiles of
    /// 32 keys and then of their values pass through shared memory, with an on-line softmax. Tiles begin at the first column that counts.
    /// </summary>
    internal readonly struct GpuForward(
        GpuShape shape, Values y, ArrayView<float> lse, Values q, Values k, Values v) : IGpuJob
    {
        public void Execute()
        {
            var reach = new GpuReach(shape, Grid.IdxZ);
            var shared = new GpuShared(shape.Size);
            int head = Grid.IdxY, keyHead = shape.KeyHead(head), rows = Group.DimX / Lane.Count * RowsOfWarp;
            int begin = shape.Past + Grid.IdxX * rows, own = begin + Lane.Warp * RowsOfWarp;
            int end = begin < reach.End ? reach.EndKey(begin + rows) : int.MinValue;
            float incline = shape.Incline(head);
            Quad max = Quad.Of(float.NegativeInfinity), sum = default;
            GpuRows result = default;
            shared.LoadOwn(0, reach.Queries(q, head), own);
            for (int column = reach.FirstKey(begin); column < end; column += Lane.Count)
            {
                Group.Barrier();
                shared.LoadKeys(reach.Before(shape.Prefix.Keys, keyHead), reach.Keys(k, keyHead), reach.First, column, end);
                Group.Barrier();
                Quad p = shared.Dots(0), shrink;
                shrink.X = Weigh(reach, incline, ref p.X, ref max.X, ref sum.X, own, column + Lane.Index);
                shrink.Y = Weigh(reach, incline, ref p.Y, ref max.Y, ref sum.Y, own + 1, column + Lane.Index);
                shrink.Z = Weigh(reach, incline, ref p.Z, ref max.Z, ref sum.Z, own + 2, column + Lane.Index);
                shrink.W = Weigh(reach, incline, ref p.W, ref max.W, ref sum.W, own + 3, column + Lane.Index);
                Group.Barrier();
                shared.LoadKeys(reach.Before(shape.Prefix.Values, keyHead), reach.Keys(v, keyHead), reach.First, column, end);
                Group.Barrier();
                result.Multiply(shrink);
                shared.Add(p, ref result);
            }
            result.Multiply(new Quad(Inverse(sum.X), Inverse(sum.Y), Inverse(sum.Z), Inverse(sum.W)));
            result.Put(false, reach.Queries(y, head), own);
            if (Lane.Index != 0)
                return;
            Save(reach, own, head, max.X, sum.X);
            Save(reach, own + 1, head, max.Y, sum.Y);
            Save(reach, own + 2, head, max.Z, sum.Z);
            Save(reach, own + 3, head, max.W, sum.W);
        }

        private float Weigh(GpuReach reach, float incline, ref float p, ref float max, ref float sum, int query, int key) =>
            shape.Weigh(reach.Sees(query, key), incline * (key - query), ref p, ref max, ref sum);

        private static float Inverse(float sum) => sum == 0 ? 0 : 1 / sum;

        private void Save(GpuReach reach, int query, int head, float max, float sum)
        {
            if (query < reach.End)
                lse[reach.Saved(query, head)] = sum == 0 ? 0 : (float)(max + GpuMath.Log(sum));
        }
    }
}
