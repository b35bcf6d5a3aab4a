using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>What the queries that see some keys add to the gradients of these.</summary>
    internal readonly struct GpuSeen(GpuShape shape, Values dy, Values q, ArrayView<float> lse, ArrayView<float> delta)
    {
        public GpuShape Shape { get; } = shape;

        /// <summary>Keys of a group.</summary>
        public static int Rows => Group.DimX / Lane.Count * RowsOfWarp;

        /// <summary>
        /// dv += P^T dy and dk += c dS^T q for the group's keys, which stand in shared memory, and their values. The heads of the key head's group
        /// add up, and in each the tiles of queries, in order.
        /// </summary>
        /// <param name="reach">The sequence whose queries they are.</param>
        /// <param name="shared">Holds keys and values.</param>
        /// <param name="begin">The column of the group's first key.</param>
        /// <param name="first">The first column that is a key at all.</param>
        /// <param name="keys">The gradients by the warp's four keys.</param>
        /// <param name="values">The gradients by their values.</param>
        public void Add(GpuReach reach, GpuShared shared, int begin, int first, ref GpuRows keys, ref GpuRows values)
        {
            int own = begin + Lane.Warp * RowsOfWarp, group = Shape.Heads / Shape.KeyHeads, end = reach.EndQuery(begin + Rows);
            for (int head = Grid.IdxY * group; head < (Grid.IdxY + 1) * group; head++)
            {
                float incline = Shape.Incline(head);
                for (int column = reach.FirstQuery(begin); column < end; column += Lane.Count)
                {
                    Group.Barrier();
                    shared.LoadTile(reach.Queries(q, head), column, end);
                    Group.Barrier();
                    Quad score = shared.Dots(0);
                    int query = column + Lane.Index;
                    long saved = reach.Saved(IntrinsicMath.Min(query, reach.End - 1), head);
                    float shift = lse[saved], mean = delta[saved];
                    Quad p = new(
                        Weight(reach, incline, ref score.X, query, own, first, shift), Weight(reach, incline, ref score.Y, query, own + 1, first, shift),
                        Weight(reach, incline, ref score.Z, query, own + 2, first, shift), Weight(reach, incline, ref score.W, query, own + 3, first, shift));
                    Group.Barrier();
                    shared.LoadTile(reach.Queries(dy, head), column, end);
                    Group.Barrier();
                    Quad slope = shared.Dots(1);
                    shared.Add(p, ref values);
                    slope = p * (slope + Quad.Of(-mean));
                    slope *= new Quad(Shape.Slope(score.X), Shape.Slope(score.Y), Shape.Slope(score.Z), Shape.Slope(score.W));
                    Group.Barrier();
                    shared.LoadTile(reach.Queries(q, head), column, end);
                    Group.Barrier();
                    shared.Add(slope, ref keys);
                }
            }
        }

        /// <summary>P of a product, which becomes the score.</summary>
        private float Weight(GpuReach reach, float incline, ref float product, int query, int key, int first, float shift)
        {
            product = Shape.Score(product);
            return key >= first && reach.Sees(query, key) ? GpuMath.Exp(product + incline * (key - query) - shift) : 0;
        }
    }
}
