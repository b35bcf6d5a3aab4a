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
        float** scratches, Into into, float* dq, float* dk, float* dv, float* dy, float* y, float* q, float* lse, float* delta, Heads heads, Reach reach,
        KeyValuePrefix prefix, int sequences, int productsOfPrefix)
        : IMeasuredJob
    {
        public JobWork Work => new(Products(reach, sequences, heads, products: 5, prefix.Count, productsOfPrefix), 0);

        public int Tasks => sequences * heads.KeyValue;

        public void Execute(int task, int worker)
        {
            int sequence = task / heads.KeyValue, keyHead = task % heads.KeyValue;
            int first = Math.Min(reach.First(sequence), reach.Time(sequence)), end = Math.Max(first, reach.End(sequence));
            if (into == Into.Set)
                Clear(sequence, keyHead, first, end);
            if (first == end)
                return;
            for (int head = keyHead * heads.Group; head < (keyHead + 1) * heads.Group; head++)
                Deltas(sequence, head, first, end);
            float* pack = scratches[worker];
            for (int position = 0; position < prefix.Count; position += KeyTile)
                Keys(pack, Before(prefix, keyHead * heads.Size, position, KeyTile, first), sequence, keyHead, first, end, null, null);
            for (int tile = first / KeyTile * KeyTile; tile < end; tile += KeyTile)
            {
                int column = Math.Max(tile, first);
                long at = (reach.Row(sequence) + column) * heads.KeyWidth + keyHead * heads.Size;
                var block = new Block(
                    reach.Keys(0, heads.KeyWidth) + at, reach.Values(0, heads.KeyWidth) + at, heads.KeyWidth, 1, column, Math.Min(end, tile + KeyTile) - column);
                Keys(pack, block, sequence, keyHead, first, end, dk + at, dv + at);
            }
        }

        private void Deltas(int sequence, int head, int first, int end)
        {
            for (int t = first; t < end; t++)
            {
                long row = reach.Row(sequence) + t, at = row * heads.QueryWidth + head * heads.Size;
                delta[row * heads.Query + head] = Dot(dy + at, y + at, heads.Size);
                if (into == Into.Set)
                    new Span<float>(dq + at, heads.Size).Clear();
            }
        }

        /// <summary>A block of keys, which is packed once, and all queries that see something of it.</summary>
        private void Keys(float* pack, Block block, int sequence, int keyHead, int first, int end, float* keyGradients, float* valueGradients)
        {
            PackedBlock packed = PackedBlock.Of(block, heads.Size, pack);
            for (int head = keyHead * heads.Group; head < (keyHead + 1) * heads.Group; head++)
            {
                for (int begin = first; begin < end; begin += QueryTile)
                {
                    int last = Math.Min(end, begin + QueryTile);
                    if (reach.EndSeen(sequence, last - 1) <= block.Column || reach.FirstSeen(begin) >= block.Column + block.Columns)
                        continue;
                    long at = (reach.Row(sequence) + begin) * heads.QueryWidth + head * heads.Size;
                    var rows = new Rows(sequence, head, begin, last - begin, q + at, dy + at);
                    SlopesOf(pack, packed, heads, reach, rows, lse, delta, dq + at);
                    if (keyGradients is not null)
                        AddToKeys(pack, packed, heads, reach, rows, keyGradients, valueGradients, heads.KeyWidth);
                }
            }
        }

        /// <summary>Zero where sums begin, and where nothing real stands.</summary>
        private void Clear(int sequence, int keyHead, int first, int end)
        {
            for (int t = 0; t < reach.Time(sequence); t++)
            {
                long row = reach.Row(sequence) + t, at = row * heads.KeyWidth + keyHead * heads.Size;
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
