using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    private const int QueryTile = 64;
    private const int KeyTile = 256;

    /// <summary>
    /// A task is a tile of queries of one head. It goes over the tiles of keys with an on-line softmax: the running maximum
    /// of each row rescales what was summed so far. Tiles of keys begin at fixed columns, also with a window, so a row's bits
    /// do not depend on which other rows are computed with it, nor on whether its keys come from a cache.
    /// </summary>
    private readonly struct ForwardJob(float** scratches, float* y, float* lse, float* q, Heads heads, Reach reach, int sequences) : IMeasuredJob
    {
        public JobWork Work => new(Products(reach, sequences, heads, products: 2), 0);

        public int Tasks => checked(sequences * heads.Query * Tiles);

        private int Tiles => (reach.Time + QueryTile - 1) / QueryTile;

        public void Execute(int task, int worker)
        {
            int tile = task % Tiles, head = task / Tiles % heads.Query, sequence = task / Tiles / heads.Query;
            int begin = tile * QueryTile, end = Math.Min(reach.Time, begin + QueryTile);
            int firstReal = Math.Clamp(reach.First(sequence) - reach.Past, begin, end);
            int lastReal = Math.Clamp(reach.End(sequence) - reach.Past, firstReal, end);
            Clear(sequence, head, begin, firstReal);
            Clear(sequence, head, lastReal, end);
            if (firstReal < lastReal)
                Attend(scratches[worker], sequence, head, firstReal, lastReal);
        }

        private void Attend(float* pack, int sequence, int head, int begin, int end)
        {
            float* scores = pack + BlockProduct.PackFloats, max = scores + QueryTile * KeyTile, sum = max + QueryTile;
            int width = heads.QueryWidth, keyWidth = heads.KeyWidth, size = heads.Size, rows = end - begin;
            long firstRow = (long)sequence * reach.Time + begin;
            float* query = q + firstRow * width + head * size, result = y + firstRow * width + head * size;
            float* keys = reach.Keys(sequence, keyWidth) + head / heads.Group * size, values = reach.Values(sequence, keyWidth) + head / heads.Group * size;
            new Span<float>(max, rows).Fill(float.NegativeInfinity);
            new Span<float>(sum, rows).Clear();
            int lastColumn = reach.EndSeen(sequence, reach.Past + end - 1), first = reach.First(sequence);
            int firstSeen = Math.Max(first, reach.FirstSeen(reach.Past + begin));
            float slope = heads.Slope(head);
            Into into = Into.Set;
            for (int tile = firstSeen / KeyTile * KeyTile; tile < lastColumn; tile += KeyTile, into = Into.Add)
            {
                int column = Math.Max(tile, first), columns = Math.Min(lastColumn, tile + KeyTile) - column;
                float* k = keys + (long)column * keyWidth, v = values + (long)column * keyWidth;
                BlockProduct.Multiply(
                    pack, Into.Set, heads.Scale, scores, KeyTile, rows, columns, size,
                    MatrixOperand.Plain(query, width), MatrixOperand.Transposed(k, keyWidth));
                for (int row = 0; row < rows; row++)
                {
                    int own = reach.Past + begin + row, hidden = Math.Clamp(reach.FirstSeen(own) - column, 0, columns);
                    int visible = Math.Clamp(reach.EndSeen(sequence, own) - column, 0, columns);
                    if (heads.AreBent)
                        Bend(scores + row * KeyTile, columns, heads, slope, column - own);
                    float shrink = Weigh(scores + row * KeyTile, hidden, visible, columns, ref max[row], ref sum[row]);
                    if (into == Into.Add && shrink != 1)
                        Multiply(result + (long)row * width, shrink, size);
                }
                BlockProduct.Multiply(
                    pack, into, 1, result, width, rows, size, columns,
                    MatrixOperand.Plain(scores, KeyTile), MatrixOperand.Plain(v, keyWidth));
            }
            for (int row = 0; row < rows; row++)
            {
                Multiply(result + (long)row * width, 1 / sum[row], size);
                lse[(firstRow + row) * heads.Query + head] = max[row] + MathF.Log(sum[row]);
            }
        }

        private void Clear(int sequence, int head, int begin, int end)
        {
            for (int t = begin; t < end; t++)
            {
                long row = (long)sequence * reach.Time + t;
                new Span<float>(y + row * heads.QueryWidth + head * heads.Size, heads.Size).Clear();
                lse[row * heads.Query + head] = 0;
            }
        }
    }

    /// <summary>
    /// Scores become e^(score - max), those that the row does not see, before <paramref name="hidden"/> and from
    /// <paramref name="visible"/> on, 0; max and sum go on, and what is returned is what earlier sums must be multiplied by.
    /// </summary>
    private static float Weigh(float* scores, int hidden, int visible, int columns, ref float max, ref float sum)
    {
        if (hidden >= visible)
        {
            new Span<float>(scores, columns).Clear();
            return 1;
        }
        // e^-infinity is 0, and each score keeps its lane in the sum whatever the row sees.
        new Span<float>(scores, hidden).Fill(float.NegativeInfinity);
        new Span<float>(scores + visible, columns - visible).Clear();
        float before = max;
        max = MathF.Max(max, Lanes.Max(scores, visible));
        float shrink = Exponential.Exp(Vector512.Create(before - max))[0];
        Vector512<float> shift = Vector512.Create(max), total = Vector512<float>.Zero;
        int i = 0;
        for (; i <= visible - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> e = Exponential.Exp(Vector512.Load(scores + i) - shift);
            e.Store(scores + i);
            total += e;
        }
        if (i < visible)
        {
            Lanes.Store(Exponential.Exp(Lanes.Load(scores + i, visible - i) - shift), scores + i, visible - i);
            total += Lanes.Load(scores + i, visible - i);
        }
        sum = sum * shrink + Lanes.Sum(total);
        return shrink;
    }

    private static void Multiply(float* x, float factor, int count)
    {
        for (int i = 0; i < count; i += Lanes.Count)
            Lanes.Store(Lanes.Load(x + i, count - i) * Vector512.Create(factor), x + i, count - i);
    }
}
