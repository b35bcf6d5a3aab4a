using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// The gradients of a prefix. A task is one key head and some positions of the prefix: it alone writes their gradients, adding up
    /// sequences, query heads of the group and tiles of queries in order.
    /// </summary>
    private readonly struct PrefixJob(
        float** scratches, float* dy, float* q, float* lse, float* delta, Heads heads, Reach reach, KeyValuePrefix prefix, int sequences) : IMeasuredJob
    {
        public JobWork Work => new(Products(reach, sequences, heads, products: 0, prefix.Count, productsOfPrefix: 4), 0);

        private const int Positions = 64;

        public int Tasks => heads.KeyValue * Pieces;

        private int Pieces => (prefix.Count + Positions - 1) / Positions;

        public void Execute(int task, int worker)
        {
            int keyHead = task / Pieces, at = task % Pieces * Positions;
            long to = (long)at * prefix.Stride + keyHead * heads.Size;
            float* pack = scratches[worker];
            for (int sequence = 0; sequence < sequences; sequence++)
            {
                int first = Math.Min(reach.First(sequence), reach.Time(sequence)), end = Math.Max(first, reach.End(sequence));
                PackedBlock packed = PackedBlock.Of(Before(prefix, keyHead * heads.Size, at, Positions, first), heads.Size, pack);
                for (int head = keyHead * heads.Group; head < (keyHead + 1) * heads.Group; head++)
                {
                    for (int begin = first; begin < end && reach.FirstSeen(begin) < packed.Block.Column + packed.Block.Columns; begin += QueryTile)
                    {
                        long from = (reach.Row(sequence) + begin) * heads.QueryWidth + head * heads.Size;
                        var rows = new Rows(sequence, head, begin, Math.Min(end, begin + QueryTile) - begin, q + from, dy + from);
                        SlopesOf(pack, packed, heads, reach, rows, lse, delta, null);
                        AddToKeys(pack, packed, heads, reach, rows, prefix.KeyGradients + to, prefix.ValueGradients + to, prefix.Stride);
                    }
                }
            }
        }
    }
}
