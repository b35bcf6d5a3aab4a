using ILGPU;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// dq on tensor cores: a group is 64 queries of a head, a warp 16 of them. P is made again from lse, 32 keys at a time; dS is rounded as it becomes a
    /// factor.
    /// </summary>
    /// <typeparam name="TFormat">What is multiplied.</typeparam>
    /// <typeparam name="THead">How wide the tiles are.</typeparam>
    [NeedsCapability(8)]
    internal readonly struct TensorQueries<TFormat, THead>(
        GpuShape shape, int into, Values dq, Values dy, Values q, Values k, Values v, ArrayView<float> lse,
        ArrayView<float> delta) : IGpuJob
        where TFormat : struct, ITensorFormat where THead : struct, ITensorHead
    {
        private const int Own = TensorRowsOfGroup;

        public void Execute()
        {
            var reach = new GpuReach(shape, Grid.IdxZ);
            var tiles = new TensorTiles<TFormat, THead>(shape.Size);
            var scores = new TensorScores(shape, Grid.IdxY);
            int others = TensorTiles<TFormat, THead>.Others;
            uint line = TensorTiles<TFormat, THead>.Line, lane = TensorTiles<TFormat, THead>.OthersLane;
            uint memory = TensorCore.GivenShared(), toKeys = memory + 2 * Own * line, toValues = toKeys + (uint)others * line;
            uint queries = memory + (uint)Lane.Warp * 16 * line + TensorTiles<TFormat, THead>.OwnLane, gradients = queries + Own * line;
            int begin = (Grid.DimX - 1 - Grid.IdxX) * Own, own = begin + Lane.Warp * 16, row = own + Lane.Index / 4;
            int end = begin < reach.End ? reach.EndKey(begin + Own) : int.MinValue, ownFirst = reach.FirstKey(own), ownEnd = reach.EndKey(own + 16);
            GpuColumns upper = reach.KeysOf(row), lower = reach.KeysOf(row + 8);
            GpuHead keyHead = reach.Keys(k, shape.KeyHead(Grid.IdxY)), valueHead = reach.Keys(v, shape.KeyHead(Grid.IdxY));
            Quad shift = OfRows(reach, lse, row) * TensorScores.Log2E, mean = OfRows(reach, delta, row);
            TensorRows<TFormat, THead> sums = default;
            if (begin < reach.End)
                tiles.Load(reach.Queries(q, Grid.IdxY), reach.Queries(dy, Grid.IdxY), memory, memory + Own * line, begin, Own, reach.End - 1);
            for (int tile = reach.FirstKey(begin); tile < end; tile += others)
            {
                Group.Barrier();
                tiles.Load(keyHead, valueHead, toKeys, toValues, tile, others, end - 1);
                Group.Barrier();
                for (int part = 0; part < others; part += 32)
                {
                    // Nothing is seen by any row of the warp.
                    if (tile + part >= ownEnd || tile + part + 32 <= ownFirst)
                        continue;
                    int column = tile + part + Lane.Index % 4 * 2;
                    uint keys = toKeys + (uint)part * line;
                    QuadBlock score = scores.Of(tiles.Products(queries, keys + lane));
                    QuadBlock slope = scores.Bent(tiles.Products(gradients, toValues + (uint)part * line + lane) - mean, score);
                    score = scores.Inclined(score, column - row, 1);
                    if (!upper.HaveAll(tile + part, 32) || !lower.HaveAll(tile + part, 32))
                        score = TensorScores.Seen(score, upper, lower, column);
                    sums.Add(TensorScores.Weights(score - shift) * slope, keys + TFormat.LineLane(Lane.Index, line), shape.Size);
                }
            }
            sums.Multiply(shape.Scale, shape.Scale);
            sums.Put(into == (int)Into.Add, reach.Queries(dq, Grid.IdxY), own, shape.Size);
        }

        // A number of row g twice, and that of row g + 8; beyond the end those of the last row.
        private static Quad OfRows(GpuReach reach, ArrayView<float> numbers, int row)
        {
            float upper = numbers[reach.Saved(IntrinsicMath.Min(row, reach.End - 1), Grid.IdxY)];
            float lower = numbers[reach.Saved(IntrinsicMath.Min(row + 8, reach.End - 1), Grid.IdxY)];
            return new Quad(upper, upper, lower, lower);
        }
    }
}
