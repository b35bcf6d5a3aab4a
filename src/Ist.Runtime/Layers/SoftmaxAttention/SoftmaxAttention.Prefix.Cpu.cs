using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// The gradients of a prefix. A task is one key head and some positions of the prefix: it alone writes their gradients, adding up
    /// sequences, query heads of the group and tiles of queries in order.
    /// </summary>
    private readonly struct PrefixJob(
        float** scratches, float* dy, float* q, float* lse, float* delta, Heads heads, Reach reach, KeyValuePrefix prefix, int sequences) : ICpuJob
    {
        private const int Positions = 64;

        public int Tasks => heads.KeyValue * Pieces;

        private int Pieces => (prefix.Count + Positions - 1) / Positions;

        public void Execute(int task, int worker)
        {
            int keyHead = task / Pieces, at = task % Pieces * Positions;
            for (int sequence = 0; sequence < sequences; sequence++)
            {
                int first = Math.Min(reach.First(sequence), reach.Time), end = Math.Max(first, reach.End(sequence));
                Block block = Before(prefix, keyHead * heads.Size, at, Positions, first);
                for (int head = keyHead * heads.Group; head < (keyHead + 1) * heads.Group; head++)
                {
                    for (int begin = first; begin < end && reach.FirstSeen(begin) < block.Column + block.Columns; begin += QueryTile)
                        Add(scratches[worker], sequence, head, begin, Math.Min(end, begin + QueryTile) - begin, block, at);
                }
            }
        }

        private void Add(float* pack, int sequence, int head, int begin, int rows, Block block, int at)
        {
            float* weights = pack + BlockProduct.PackFloats, slopes = weights + QueryTile * KeyTile;
            int width = heads.QueryWidth;
            long from = ((long)sequence * reach.Time + begin) * width + head * heads.Size, to = (long)at * prefix.Stride + head / heads.Group * heads.Size;
            MatrixOperand queries = MatrixOperand.Plain(q + from, width), results = MatrixOperand.Plain(dy + from, width);
            SlopesOf(pack, heads, reach, new Rows(sequence, head, begin, rows, queries, results), block, lse, delta);
            BlockProduct.Multiply(
                pack, Into.Add, block.Scale, prefix.ValueGradients + to, prefix.Stride, block.Columns, heads.Size, rows,
                MatrixOperand.Transposed(weights, KeyTile), results);
            BlockProduct.Multiply(
                pack, Into.Add, heads.Scale * block.Scale, prefix.KeyGradients + to, prefix.Stride, block.Columns, heads.Size, rows,
                MatrixOperand.Transposed(slopes, KeyTile), queries);
        }
    }
}
