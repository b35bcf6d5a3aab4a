using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// A task is one key head of one sequence: it alone writes the head's dk and dv, adding up the query heads of the group and
    /// the tiles of their queries in order. P is made again from lse.
    /// </summary>
    private readonly struct BackwardJob(
        float** scratches, Into into, float* dq, float* dk, float* dv, float* dy, float* y, float* q, float* lse, float* delta, Heads heads, Reach reach, int sequences)
        : IMeasuredJob
    {
        public JobWork Work => new(Products(reach, sequences, heads, products: 5), 0);

        public int Tasks => sequences * heads.KeyValue;

        public void Execute(int task, int worker)
        {
            int sequence = task / heads.KeyValue, keyHead = task % heads.KeyValue;
            int first = Math.Min(reach.First(sequence), reach.Time), end = Math.Max(first, reach.End(sequence));
            if (into == Into.Set)
                Clear(sequence, keyHead, first, end);
            for (int head = keyHead * heads.Group; head < (keyHead + 1) * heads.Group; head++)
            {
                for (int begin = first; begin < end; begin += QueryTile)
                    Queries(scratches[worker], sequence, head, begin, Math.Min(end, begin + QueryTile), first);
            }
        }

        private void Queries(float* pack, int sequence, int head, int begin, int end, int firstColumn)
        {
            float* weights = pack + BlockProduct.PackFloats, slopes = weights + QueryTile * KeyTile;
            int width = heads.QueryWidth, keyWidth = heads.KeyWidth, size = heads.Size, rows = end - begin;
            long firstRow = (long)sequence * reach.Time + begin, at = firstRow * width + head * size;
            int keyOffset = head / heads.Group * size;
            MatrixOperand queries = MatrixOperand.Plain(q + at, width), results = MatrixOperand.Plain(dy + at, width);
            for (int row = 0; row < rows; row++)
                delta[(firstRow + row) * heads.Query + head] = Dot(dy + at + (long)row * width, y + at + (long)row * width, size);
            Into first = into;
            int endColumn = reach.EndSeen(sequence, end - 1);
            float slope = heads.Slope(head);
            for (int column = Math.Max(firstColumn, reach.FirstSeen(begin)); column < endColumn; column += KeyTile, first = Into.Add)
            {
                int columns = Math.Min(endColumn, column + KeyTile) - column;
                long keyAt = ((long)sequence * reach.Time + column) * keyWidth + keyOffset;
                float* k = reach.Keys(0, keyWidth) + keyAt, v = reach.Values(0, keyWidth) + keyAt;
                BlockProduct.Multiply(
                    pack, Into.Set, heads.Scale, weights, KeyTile, rows, columns, size, queries, MatrixOperand.Transposed(k, keyWidth));
                BlockProduct.Multiply(
                    pack, Into.Set, 1, slopes, KeyTile, rows, columns, size, results, MatrixOperand.Transposed(v, keyWidth));
                for (int row = 0; row < rows; row++)
                {
                    long saved = (firstRow + row) * heads.Query + head;
                    int own = begin + row, hidden = Math.Clamp(reach.FirstSeen(own) - column, 0, columns);
                    int visible = Math.Clamp(reach.EndSeen(sequence, own) - column, 0, columns);
                    float* p = weights + row * KeyTile, dp = slopes + row * KeyTile;
                    if (heads.Cap == 0)
                    {
                        if (heads.Inclined)
                            Bend(p, columns, heads, slope, column - own);
                        Slopes(p, dp, hidden, visible, columns, lse[saved], delta[saved]);
                    }
                    else
                    {
                        CappedSlopes(p, dp, hidden, visible, columns, lse[saved], delta[saved], heads.Cap, slope, column - own);
                    }
                }
                BlockProduct.Multiply(
                    pack, Into.Add, 1, dv + keyAt, keyWidth, columns, size, rows, MatrixOperand.Transposed(weights, KeyTile), results);
                BlockProduct.Multiply(
                    pack, Into.Add, heads.Scale, dk + keyAt, keyWidth, columns, size, rows, MatrixOperand.Transposed(slopes, KeyTile), queries);
                BlockProduct.Multiply(
                    pack, first, heads.Scale, dq + at, width, rows, size, columns,
                    MatrixOperand.Plain(slopes, KeyTile), MatrixOperand.Plain(k, keyWidth));
            }
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

    /// <summary>P = e^(S - lse) and dS = P (dP - delta), 0 where the row does not see.</summary>
    private static void Slopes(float* weights, float* slopes, int hidden, int visible, int columns, float lse, float delta)
    {
        Vector512<float> shift = Vector512.Create(lse), mean = Vector512.Create(delta);
        for (int i = hidden; i < visible; i += Lanes.Count)
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
