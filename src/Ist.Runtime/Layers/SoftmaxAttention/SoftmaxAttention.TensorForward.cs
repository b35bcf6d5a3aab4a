using ILGPU;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// The forward pass on tensor cores: a group is 64 queries of a head, a warp 16 of them, whose sums stand in registers. Tiles of 64 keys and values,
    /// rounded, pass through shared memory; P is rounded as it becomes a factor, and the sum that divides it is not.
    /// </summary>
    /// <typeparam name="TFormat">What is multiplied.</typeparam>
    /// <typeparam name="THead">How wide the tiles are.</typeparam>
    [NeedsCapability(8)]
    internal readonly struct TensorForward<TFormat, THead>(
        GpuShape shape, Values y, ArrayView<float> lse, Values q, Values k, Values v) : IGpuJob
        where TFormat : struct, ITensorFormat where THead : struct, ITensorHead
    {
        // Queries of a group, and keys of a tile.
        private const int Tile = TensorRowsOfGroup;

        /// <summary>Bytes of shared memory: queries, keys and values.</summary>
        public static int SharedBytes => 3 * Tile * (int)TensorTiles<TFormat, THead>.Line;

        public void Execute()
        {
            var reach = new GpuReach(shape, Grid.IdxZ);
            var tiles = new TensorTiles<TFormat, THead>(shape.Size);
            var scores = new TensorScores(shape, Grid.IdxY);
            uint line = TensorTiles<TFormat, THead>.Line, ownLane = TensorTiles<TFormat, THead>.OwnLane;
            uint memory = TensorCore.GivenShared(), toKeys = memory + Tile * line, toValues = toKeys + Tile * line;
            uint queries = memory + (uint)Lane.Warp * 16 * line + ownLane, keys = toKeys + TensorTiles<TFormat, THead>.OthersLane, values = toValues + TFormat.LineLane(Lane.Index, line);
            // The last queries of causal attention see the most keys, so they begin first.
            int begin = (Grid.DimX - 1 - Grid.IdxX) * Tile, own = begin + Lane.Warp * 16, row = own + Lane.Index / 4;
            GpuColumns upper = reach.KeysOf(row), lower = reach.KeysOf(row + 8);
            int end = begin < reach.End ? reach.EndKey(begin + Tile) : int.MinValue, ownFirst = reach.FirstKey(own), ownEnd = reach.EndKey(own + 16);
            GpuHead keyHead = reach.Keys(k, shape.KeyHead(Grid.IdxY)), valueHead = reach.Keys(v, shape.KeyHead(Grid.IdxY));
            var softmax = new TensorSoftmax();
            TensorRows<TFormat, THead> sums = default;
            if (begin < reach.End)
                tiles.Load(reach.Queries(q, Grid.IdxY), memory, begin, Tile, reach.End - 1);
            for (int column = reach.FirstKey(begin); column < end; column += Tile)
            {
                Group.Barrier();
                tiles.Load(keyHead, valueHead, toKeys, toValues, column, Tile, end - 1);
                Group.Barrier();
                // Nothing of the tile is seen by any row of the warp.
                if (column >= ownEnd || column + Tile <= ownFirst)
                    continue;
                int first = column + Lane.Index % 4 * 2;
                QuadBlock left = scores.Inclined(scores.Of(tiles.Products(queries, keys)), first - row, 1);
                QuadBlock right = scores.Inclined(scores.Of(tiles.Products(queries, keys + 32 * line)), first + 32 - row, 1);
                if (!upper.HaveAll(column, Tile) || !lower.HaveAll(column, Tile))
                {
                    left = TensorScores.Seen(left, upper, lower, first);
                    right = TensorScores.Seen(right, upper, lower, first + 32);
                }
                softmax.Weigh(ref left, ref right, out float shrinkUpper, out float shrinkLower);
                // Where the largest score stays the same, as it does mostly, so do the sums.
                if (shrinkUpper != 1 || shrinkLower != 1)
                    sums.Multiply(shrinkUpper, shrinkLower);
                sums.Add(left, values, shape.Size);
                sums.Add(right, values + 32 * line, shape.Size);
            }
            softmax.Close(out float lseUpper, out float lseLower, out float inverseUpper, out float inverseLower);
            sums.Multiply(inverseUpper, inverseLower);
            sums.Put(false, reach.Queries(y, Grid.IdxY), own, shape.Size);
            Save(reach, row, lseUpper);
            Save(reach, row + 8, lseLower);
        }

        private void Save(GpuReach reach, int query, float value)
        {
            if (Lane.Index % 4 == 0 && query < reach.End)
                lse[reach.Saved(query, Grid.IdxY)] = value;
        }
    }
}
