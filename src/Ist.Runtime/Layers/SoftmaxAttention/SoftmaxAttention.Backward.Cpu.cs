using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// A task is one key head of one sequence: it alone writes the head's dk and dv, adding up the query heads of the group and
    /// the tiles of their queries in order. A tile of keys and values is packed once for all of them. P is made again from lse.
    /// </summary>
    private readonly struct BackwardJob(
        float** scratches, Into into, float* dq, float* dk, float* dv, float* dy, float* y, float* q, float* lse, float* delta, Heads heads, Reach reach, int sequences)
        : IMeasuredJob
    {
        // Rows of a power of two would meet in a few places of the first cache where a strip of columns is read.
        private const int RowStride = KeyTile + Lanes.Count;

        public JobWork Work => new(Products(reach, sequences, heads, products: 5), 0);

        public int Tasks => sequences * heads.KeyValue;

        public void Execute(int task, int worker)
        {
            int sequence = task / heads.KeyValue, keyHead = task % heads.KeyValue;
            int first = Math.Min(reach.First(sequence), reach.Time), end = Math.Max(first, reach.End(sequence));
            if (into == Into.Set)
                Clear(sequence, keyHead, first, end);
            if (first == end)
                return;
            for (int head = keyHead * heads.Group; head < (keyHead + 1) * heads.Group; head++)
                Deltas(sequence, head, first, end);
            for (int tile = first / KeyTile * KeyTile; tile < end; tile += KeyTile)
                Keys(scratches[worker], sequence, keyHead, first, end, Math.Max(tile, first), Math.Min(end, tile + KeyTile));
        }

        private void Deltas(int sequence, int head, int first, int end)
        {
            for (int t = first; t < end; t++)
            {
                long row = (long)sequence * reach.Time + t, at = row * heads.QueryWidth + head * heads.Size;
                delta[row * heads.Query + head] = Dot(dy + at, y + at, heads.Size);
                if (into == Into.Set)
                    new Span<float>(dq + at, heads.Size).Clear();
            }
        }

        /// <summary>A tile of keys, which is packed once, and all queries that see something of it.</summary>
        private void Keys(float* pack, int sequence, int keyHead, int first, int end, int column, int endColumn)
        {
            int keyWidth = heads.KeyWidth, size = heads.Size, columns = endColumn - column;
            long keyAt = ((long)sequence * reach.Time + column) * keyWidth + keyHead * size;
            float* k = reach.Keys(0, keyWidth) + keyAt, v = reach.Values(0, keyWidth) + keyAt;
            float* turnedKeys = pack + StripFloats, turnedValues = turnedKeys + PackedColumns.Floats(size, KeyTile);
            float* plainKeys = turnedValues + PackedColumns.Floats(size, KeyTile), rest = plainKeys + PackedColumns.Floats(KeyTile, size);
            var factors = new KeyFactors(
                PackedColumns.Pack(MatrixOperand.Transposed(k, keyWidth), size, columns, turnedKeys),
                PackedColumns.Pack(MatrixOperand.Transposed(v, keyWidth), size, columns, turnedValues),
                PackedColumns.Pack(MatrixOperand.Plain(k, keyWidth), columns, size, plainKeys));
            for (int head = keyHead * heads.Group; head < (keyHead + 1) * heads.Group; head++)
            {
                for (int begin = first; begin < end; begin += QueryTile)
                {
                    int last = Math.Min(end, begin + QueryTile);
                    if (reach.EndSeen(sequence, last - 1) > column && reach.FirstSeen(begin) < endColumn)
                        Queries(pack, rest, sequence, head, begin, last, column, keyAt, factors);
                }
            }
        }

        private void Queries(float* pack, float* rest, int sequence, int head, int begin, int end, int column, long keyAt, in KeyFactors factors)
        {
            float* weights = rest, slopes = weights + QueryTile * RowStride, packed = slopes + QueryTile * RowStride;
            int width = heads.QueryWidth, keyWidth = heads.KeyWidth, size = heads.Size, columns = factors.Keys.K, count = end - begin;
            long firstRow = (long)sequence * reach.Time + begin, first = firstRow * width + head * size;
            for (int t = 0; t < count; t += MicroKernel.Rows)
            {
                int rows = Math.Min(MicroKernel.Rows, count - t), seen = Math.Clamp(reach.EndSeen(sequence, begin + t + rows - 1) - column, 0, columns);
                long at = first + (long)t * width;
                float* p = weights + t * RowStride, dp = slopes + t * RowStride;
                factors.TurnedKeys.Multiply(pack, Into.Set, heads.Scale, p, RowStride, rows, seen, MatrixOperand.Plain(q + at, width), 0, size);
                factors.TurnedValues.Multiply(pack, Into.Set, 1, dp, RowStride, rows, seen, MatrixOperand.Plain(dy + at, width), 0, size);
                for (int row = 0; row < rows; row++)
                    Row(p + row * RowStride, dp + row * RowStride, sequence, head, begin + t + row, column, columns);
                factors.Keys.Multiply(pack, Into.Add, heads.Scale, dq + at, width, rows, size, MatrixOperand.Plain(dp, RowStride), 0, seen);
            }
            PackedColumns results = PackedColumns.Pack(MatrixOperand.Plain(dy + first, width), count, size, packed);
            PackedColumns queries = PackedColumns.Pack(MatrixOperand.Plain(q + first, width), count, size, packed + PackedColumns.Floats(QueryTile, size));
            for (int c = 0; c < columns; c += MicroKernel.Rows)
            {
                int rows = Math.Min(MicroKernel.Rows, columns - c), from = reach.IsCausal ? Math.Max(0, column + c - begin) : 0;
                if (from >= count)
                    break;
                long at = keyAt + (long)c * keyWidth;
                results.Multiply(pack, Into.Add, 1, dv + at, keyWidth, rows, size, MatrixOperand.Transposed(weights + c, RowStride), from, count, spare: true);
                queries.Multiply(pack, Into.Add, heads.Scale, dk + at, keyWidth, rows, size, MatrixOperand.Transposed(slopes + c, RowStride), from, count, spare: true);
            }
        }

        /// <summary>Scores become P, and dP becomes dS, in a row of a tile.</summary>
        private void Row(float* p, float* dp, int sequence, int head, int own, int column, int columns)
        {
            long saved = ((long)sequence * reach.Time + own) * heads.Query + head;
            int hidden = Math.Clamp(reach.FirstSeen(own) - column, 0, columns), visible = Math.Clamp(reach.EndSeen(sequence, own) - column, hidden, columns);
            float slope = heads.Slope(head);
            if (heads.Cap != 0)
            {
                CappedSlopes(p, dp, hidden, visible, columns, lse[saved], delta[saved], heads.Cap, slope, column - own);
                return;
            }
            if (heads.Inclined)
                Bend(p, visible, heads, slope, column - own);
            Slopes(p, dp, hidden, visible, columns, lse[saved], delta[saved]);
        }

        /// <summary>Zero where sums begin, and where nothing real stands.</summary>
        private void Clear(int sequence, int keyHead, int first, int end)
        {
            for (int t = 0; t < reach.Time; t++)
            {
                long row = (long)sequence * reach.Time + t, at = row * heads.KeyWidth + keyHead * heads.Size;
                new Span<float>(dk + at, heads.Size).Clear();
                new Span<float>(dv + at, heads.Size).Clear();
                if (t < first || t >= end)
                    new Span<float>(dq + row * heads.QueryWidth + keyHead * heads.Group * heads.Size, heads.Group * heads.Size).Clear();
            }
        }
    }

    /// <summary>A tile of keys and values as right factors.</summary>
    /// <param name="TurnedKeys">k^T, [size, columns].</param>
    /// <param name="TurnedValues">v^T, [size, columns].</param>
    /// <param name="Keys">k, [columns, size].</param>
    private readonly record struct KeyFactors(PackedColumns TurnedKeys, PackedColumns TurnedValues, PackedColumns Keys);

    /// <summary>P = e^(S - lse) and dS = P (dP - delta), 0 where the row does not see.</summary>
    private static void Slopes(float* weights, float* slopes, int hidden, int visible, int columns, float lse, float delta)
    {
        Vector512<float> shift = Vector512.Create(lse), mean = Vector512.Create(delta);
        int i = hidden;
        for (; i <= visible - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> p = Exponential.Exp(Vector512.Load(weights + i) - shift);
            (p * (Vector512.Load(slopes + i) - mean)).Store(slopes + i);
            p.Store(weights + i);
        }
        if (i < visible)
        {
            int left = visible - i;
            Vector512<float> p = Exponential.Exp(Lanes.Load(weights + i, left) - shift);
            Lanes.Store(p * (Lanes.Load(slopes + i, left) - mean), slopes + i, left);
            Lanes.Store(p, weights + i, left);
        }
        Clear(weights, hidden, visible, columns);
        Clear(slopes, hidden, visible, columns);
    }

    private static void Clear(float* row, int hidden, int visible, int columns)
    {
        new Span<float>(row, hidden).Clear();
        new Span<float>(row + visible, columns - visible).Clear();
    }

    private static float Dot(float* x, float* y, int count)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        for (int i = 0; i < count; i += Lanes.Count)
            sum = Vector512.FusedMultiplyAdd(Lanes.Load(x + i, count - i), Lanes.Load(y + i, count - i), sum);
        return Lanes.Sum(sum);
    }
}
