using ILGPU;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// dk and dv on tensor cores: a group is 64 keys of a key head, a warp 16 of them. P^T = e^(c k q^T - lse) is made again, 32 queries at a time, so that it and
    /// dS^T are left factors as they stand. The heads of the group add up, and in each the tiles of queries, in order.
    /// </summary>
    /// <typeparam name="TFormat">What is multiplied.</typeparam>
    /// <typeparam name="THead">How wide the tiles are.</typeparam>
    [NeedsCapability(8)]
    internal readonly struct TensorKeys<TFormat, THead>(
        GpuShape shape, int into, Values dk, Values dv, Values dy, Values q, Values k, Values v,
        ArrayView<float> lse, ArrayView<float> delta) : IGpuJob
        where TFormat : struct, ITensorFormat where THead : struct, ITensorHead
    {
        private const int Own = TensorRowsOfGroup;

        public void Execute()
        {
            var reach = new GpuReach(shape, Grid.IdxZ);
            var tiles = new TensorTiles<TFormat, THead>(shape.Size);
            int others = TensorTiles<TFormat, THead>.Others, begin = Grid.IdxX * Own, own = begin + Lane.Warp * 16;
            uint line = TensorTiles<TFormat, THead>.Line, memory = TensorCore.GivenShared(), toQueries = memory + 2 * Own * line;
            TensorRows<TFormat, THead> keySums = default, valueSums = default;
            if (begin < reach.End)
            {
                tiles.Load(reach.Keys(k, Grid.IdxY), reach.Keys(v, Grid.IdxY), memory, memory + Own * line, begin, Own, reach.End - 1);
                int group = shape.Heads / shape.KeyHeads, end = reach.EndQuery(begin + Own);
                for (int head = Grid.IdxY * group; head < (Grid.IdxY + 1) * group; head++)
                {
                    for (int tile = reach.FirstQuery(begin); tile < end; tile += others)
                    {
                        Group.Barrier();
                        tiles.Load(reach.Queries(q, head), reach.Queries(dy, head), toQueries, toQueries + (uint)others * line, tile, others, end - 1);
                        Group.Barrier();
                        for (int part = 0; part < others; part += 32)
                            Add(reach, tiles, head, own, tile + part, memory + (uint)Lane.Warp * 16 * line, toQueries + (uint)part * line, ref keySums, ref valueSums);
                    }
                }
            }
            keySums.Multiply(shape.Scale, shape.Scale);
            keySums.Put(into == (int)Into.Add, reach.Keys(dk, Grid.IdxY), own, shape.Size);
            valueSums.Put(into == (int)Into.Add, reach.Keys(dv, Grid.IdxY), own, shape.Size);
        }

        // 16 keys and the 32 queries from a column on, which stand at so many bytes of shared memory.
        private void Add(
            GpuReach reach, TensorTiles<TFormat, THead> tiles, int head, int own, int first, uint keys, uint queries, ref TensorRows<TFormat, THead> keySums,
            ref TensorRows<TFormat, THead> valueSums)
        {
            // Nobody sees any key of the warp.
            if (first >= reach.EndQuery(own + 16) || first + 32 <= reach.FirstQuery(own))
                return;
            var scores = new TensorScores(shape, head);
            uint line = TensorTiles<TFormat, THead>.Line, ownLane = TensorTiles<TFormat, THead>.OwnLane, othersLane = TensorTiles<TFormat, THead>.OthersLane, byLine = TFormat.LineLane(Lane.Index, line);
            uint gradients = queries + (uint)TensorTiles<TFormat, THead>.Others * line, values = keys + Own * line;
            int row = own + Lane.Index / 4, column = first + Lane.Index % 4 * 2;
            GpuColumns upper = reach.QueriesOf(row), lower = reach.QueriesOf(row + 8);
            long saved = reach.Saved(IntrinsicMath.Min(first + Lane.Index, reach.End - 1), head);
            QuadBlock score = scores.Of(tiles.Products(keys + ownLane, queries + othersLane));
            QuadBlock slope = scores.Bent(tiles.Products(values + ownLane, gradients + othersLane) - OfColumns(delta[saved]), score);
            score = scores.Inclined(score, row - column, -1);
            if (!upper.HaveAll(first, 32) || !lower.HaveAll(first, 32))
                score = TensorScores.Seen(score, upper, lower, column);
            QuadBlock weights = TensorScores.Weights(score - OfColumns(lse[saved] * TensorScores.Log2E));
            valueSums.Add(weights, gradients + byLine, shape.Size);
            keySums.Add(weights * slope, queries + byLine, shape.Size);
        }

        // The numbers of 32 columns, of which each thread has one, where the thread's scores stand.
        private static QuadBlock OfColumns(float number) => new() { A = OfColumns(number, 0), B = OfColumns(number, 8), C = OfColumns(number, 16), D = OfColumns(number, 24) };

        private static Quad OfColumns(float number, int first)
        {
            int column = first + Lane.Index % 4 * 2;
            float left = Warp.Shuffle(number, column), right = Warp.Shuffle(number, column + 1);
            return new Quad(left, right, left, right);
        }
    }
}
