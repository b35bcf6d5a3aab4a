using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    private const int QueryTile = 16 * MicroKernel.Rows;
    private const int KeyTile = BlockProduct.PanelDepth;
    private const int StripFloats = MicroKernel.Rows * BlockProduct.PanelDepth;

    /// <summary>
    /// A task is a head of a sequence, or a part of its tiles of queries where there are few heads. It goes over the tiles of keys with
    /// an on-line softmax: the running maximum of each row rescales what was summed so far. A tile of keys and values is packed once for
    /// all queries. Tiles of keys begin at fixed columns, also with a window, so a row's bits do not depend on which other rows are
    /// computed with it, nor on whether its keys come from a cache.
    /// </summary>
    private readonly struct ForwardJob(
        float** scratches, float* y, float* lse, float* q, Heads heads, Reach reach, KeyValuePrefix prefix, int sequences, int threads) : IMeasuredJob
    {
        private const int TasksPerThread = 4;

        public JobWork Work => new(Products(reach, sequences, heads, products: 2, prefix.Count, productsOfPrefix: 2), 0);

        public int Tasks => checked(sequences * heads.Query * Parts);

        private int Parts => Math.Clamp(
            (TasksPerThread * threads + sequences * heads.Query - 1) / (sequences * heads.Query), 1, (reach.Longest + QueryTile - 1) / QueryTile);

        public void Execute(int task, int worker)
        {
            int part = task % Parts, head = task / Parts % heads.Query, sequence = task / Parts / heads.Query;
            int time = reach.Time(sequence), first = Math.Clamp(reach.First(sequence) - reach.Past, 0, time);
            int end = Math.Clamp(reach.End(sequence) - reach.Past, first, time);
            for (int begin = part * QueryTile; begin < time; begin += Parts * QueryTile)
            {
                int last = Math.Min(time, begin + QueryTile);
                Clear(sequence, head, begin, Math.Min(last, first));
                Clear(sequence, head, Math.Max(begin, end), last);
            }
            if (first < end && part * QueryTile < end)
                Attend(scratches[worker], sequence, head, part, first, end);
        }

        private void Attend(float* pack, int sequence, int head, int part, int firstQuery, int endQuery)
        {
            int keyWidth = heads.KeyWidth, size = heads.Size, offset = head / heads.Group * size;
            int time = reach.Time(sequence);
            float* max = Maxima(pack), sum = max + time;
            float* keys = reach.Keys(sequence, keyWidth) + offset, values = reach.Values(sequence, keyWidth) + offset;
            new Span<float>(max, time).Fill(float.NegativeInfinity);
            new Span<float>(sum, time).Clear();
            int first = reach.First(sequence), lastColumn = reach.EndSeen(sequence, reach.Past + endQuery - 1);
            for (int position = 0; position < prefix.Count; position += KeyTile)
                Attend(pack, sequence, head, part, firstQuery, endQuery, Before(prefix, offset, position, KeyTile, first));
            for (int tile = Math.Max(first, reach.FirstSeen(reach.Past + firstQuery)) / KeyTile * KeyTile; tile < lastColumn; tile += KeyTile)
            {
                int column = Math.Max(tile, first), columns = Math.Min(lastColumn, tile + KeyTile) - column;
                long at = (long)column * keyWidth;
                Attend(pack, sequence, head, part, firstQuery, endQuery, new Block(keys + at, values + at, keyWidth, 1, column, columns));
            }
            for (int queries = part * QueryTile; queries < endQuery; queries += Parts * QueryTile)
            {
                for (int t = Math.Max(firstQuery, queries); t < Math.Min(endQuery, queries + QueryTile); t++)
                {
                    long row = reach.Row(sequence) + t;
                    Multiply(y + row * heads.QueryWidth + head * size, 1 / sum[t], size);
                    lse[row * heads.Query + head] = max[t] + MathF.Log(sum[t]);
                }
            }
        }

        /// <summary>Behind what products pack, scores, and a block's keys and values: each row's maximum and then its sum so far.</summary>
        private float* Maxima(float* pack) => pack + 2 * StripFloats + PackedColumns.Floats(heads.Size, KeyTile) + PackedColumns.Floats(KeyTile, heads.Size);

        /// <summary>Takes one block of keys into the results of the part's queries.</summary>
        private void Attend(float* pack, int sequence, int head, int part, int firstQuery, int endQuery, Block block)
        {
            int size = heads.Size;
            float* packedKeys = pack + 2 * StripFloats, packedValues = packedKeys + PackedColumns.Floats(size, KeyTile);
            PackedColumns keys = PackedColumns.Pack(block.KeysAcross, size, block.Columns, packedKeys);
            PackedColumns values = reach.Time(sequence) < BlockProduct.RowsWorthPacking && PackedColumns.CanRead(size)
                ? PackedColumns.Read((float*)block.Values.Data, (int)block.Values.RowStride, block.Columns, size)
                : PackedColumns.Pack(block.Values, block.Columns, size, packedValues);
            for (int queries = part * QueryTile; queries < endQuery; queries += Parts * QueryTile)
            {
                int begin = Math.Max(firstQuery, queries), end = Math.Min(endQuery, queries + QueryTile);
                if (begin < end && reach.EndSeen(sequence, reach.Past + end - 1) > block.Column
                    && reach.FirstSeen(reach.Past + begin) < block.Column + block.Columns)
                    Tile(pack, sequence, head, begin, end, block, keys, values);
            }
        }

        /// <summary>Queries <paramref name="begin"/> to <paramref name="end"/> and a block of keys.</summary>
        private void Tile(float* pack, int sequence, int head, int begin, int end, Block block, PackedColumns keys, PackedColumns values)
        {
            float* scores = pack + StripFloats, max = Maxima(pack), sum = max + reach.Time(sequence);
            int column = block.Column;
            int width = heads.QueryWidth, size = heads.Size, columns = keys.Columns;
            float slope = heads.Slope(head);
            for (int t = begin; t < end; t += MicroKernel.Rows)
            {
                int rows = Math.Min(MicroKernel.Rows, end - t), seen = Math.Min(columns, reach.EndSeen(sequence, reach.Past + t + rows - 1) - column);
                if (seen <= 0)
                    continue;
                long at = (reach.Row(sequence) + t) * width + head * size;
                keys.Multiply(pack, Into.Set, heads.Scale * block.Scale, scores, KeyTile, rows, seen, MatrixOperand.Plain(q + at, width), 0, size);
                for (int row = 0; row < rows; row++)
                {
                    int own = reach.Past + t + row, hidden = Math.Clamp(reach.FirstSeen(own) - column, 0, seen);
                    int visible = Math.Clamp(reach.EndSeen(sequence, own) - column, 0, seen);
                    if (heads.AreBent)
                        Bend(scores + row * KeyTile, seen, heads, slope, column - own);
                    bool isFirst = float.IsNegativeInfinity(max[t + row]);
                    float shrink = Weigh(scores + row * KeyTile, hidden, visible, seen, ref max[t + row], ref sum[t + row]);
                    if (isFirst)
                        new Span<float>(y + at + (long)row * width, size).Clear();
                    else if (shrink != 1)
                        Multiply(y + at + (long)row * width, shrink, size);
                }
                values.Multiply(pack, Into.Add, block.Scale, y + at, width, rows, size, MatrixOperand.Plain(scores, KeyTile), 0, seen);
            }
        }

        private void Clear(int sequence, int head, int begin, int end)
        {
            for (int t = begin; t < end; t++)
            {
                long row = reach.Row(sequence) + t;
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
