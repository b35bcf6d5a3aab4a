using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    // Rows of a power of two would meet in a few places of the first cache where a strip of columns is read.
    private const int SlopeStride = KeyTile + Lanes.Count;

    /// <summary>Some queries of one head, and the gradient by their results.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="head">The query head.</param>
    /// <param name="begin">The first query's column.</param>
    /// <param name="count">How many, at most <see cref="QueryTile"/>.</param>
    /// <param name="queries">The first query.</param>
    /// <param name="results">The gradient by its result.</param>
    private readonly struct Rows(int sequence, int head, int begin, int count, float* queries, float* results)
    {
        public int Sequence => sequence;

        public int Head => head;

        public int Begin => begin;

        public int Count => count;

        public float* Queries => queries;

        public float* Results => results;
    }

    /// <summary>A block of keys and values in a worker's scratch memory, packed once for all queries of the backward pass, and room behind it.</summary>
    private readonly struct PackedBlock
    {
        private PackedBlock(Block block, PackedColumns keysAcross, PackedColumns valuesAcross, PackedColumns keys, float* rest)
        {
            Block = block;
            KeysAcross = keysAcross;
            ValuesAcross = valuesAcross;
            Keys = keys;
            Weights = rest;
        }

        public Block Block { get; }

        public PackedColumns KeysAcross { get; }

        public PackedColumns ValuesAcross { get; }

        public PackedColumns Keys { get; }

        /// <summary>P, rows of <see cref="SlopeStride"/>.</summary>
        public float* Weights { get; }

        /// <summary>dS, likewise.</summary>
        public float* Slopes => Weights + QueryTile * SlopeStride;

        /// <summary>Room to pack queries and gradients.</summary>
        public float* Rest => Slopes + QueryTile * SlopeStride;

        public static PackedBlock Of(Block block, int size, float* pack)
        {
            float* keysAcross = pack + StripFloats, valuesAcross = keysAcross + PackedColumns.Floats(size, KeyTile);
            float* keys = valuesAcross + PackedColumns.Floats(size, KeyTile);
            return new PackedBlock(
                block, PackedColumns.Pack(block.KeysAcross, size, block.Columns, keysAcross), PackedColumns.Pack(block.ValuesAcross, size, block.Columns, valuesAcross),
                PackedColumns.Pack(block.Keys, block.Columns, size, keys), keys + PackedColumns.Floats(KeyTile, size));
        }
    }

    /// <summary>P and dS of some queries and a block of keys, in the block's room; and dq += c dS k where there is a dq.</summary>
    private static void SlopesOf(float* pack, PackedBlock packed, Heads heads, Reach reach, Rows rows, float* lse, float* delta, float* dq)
    {
        int width = heads.QueryWidth, size = heads.Size, column = packed.Block.Column, columns = packed.Block.Columns;
        float scale = packed.Block.Scale;
        for (int t = 0; t < rows.Count; t += MicroKernel.Rows)
        {
            int strip = Math.Min(MicroKernel.Rows, rows.Count - t);
            int seen = Math.Clamp(reach.EndSeen(rows.Sequence, rows.Begin + t + strip - 1) - column, 0, columns);
            long at = (long)t * width;
            float* p = packed.Weights + t * SlopeStride, dp = packed.Slopes + t * SlopeStride;
            packed.KeysAcross.Multiply(pack, Into.Set, heads.Scale * scale, p, SlopeStride, strip, seen, MatrixOperand.Plain(rows.Queries + at, width), 0, size);
            packed.ValuesAcross.Multiply(pack, Into.Set, scale, dp, SlopeStride, strip, seen, MatrixOperand.Plain(rows.Results + at, width), 0, size);
            for (int row = 0; row < strip; row++)
            {
                int own = rows.Begin + t + row, hidden = Math.Clamp(reach.FirstSeen(own) - column, 0, columns);
                int visible = Math.Clamp(reach.EndSeen(rows.Sequence, own) - column, hidden, columns);
                long saved = (reach.Row(rows.Sequence) + own) * heads.Query + rows.Head;
                SlopesOfRow(p + row * SlopeStride, dp + row * SlopeStride, heads, heads.Slope(rows.Head), hidden, visible, columns, lse[saved], delta[saved], column - own);
            }
            if (dq is not null)
                packed.Keys.Multiply(pack, Into.Add, heads.Scale * scale, dq + at, width, strip, size, MatrixOperand.Plain(dp, SlopeStride), 0, seen);
        }
    }

    /// <summary>dv += P^T dy and dk += c dS^T q for a block, whose P and dS were made before. A key is seen by no query before it.</summary>
    private static void AddToKeys(float* pack, PackedBlock packed, Heads heads, Reach reach, Rows rows, float* dk, float* dv, int stride)
    {
        int width = heads.QueryWidth, size = heads.Size;
        float scale = packed.Block.Scale;
        PackedColumns results = PackedColumns.Pack(MatrixOperand.Plain(rows.Results, width), rows.Count, size, packed.Rest);
        PackedColumns queries = PackedColumns.Pack(
            MatrixOperand.Plain(rows.Queries, width), rows.Count, size, packed.Rest + PackedColumns.Floats(QueryTile, size));
        for (int c = 0; c < packed.Block.Columns; c += MicroKernel.Rows)
        {
            int strip = Math.Min(MicroKernel.Rows, packed.Block.Columns - c);
            int from = reach.IsCausal ? Math.Max(0, packed.Block.Column + c - rows.Begin) : 0;
            if (from >= rows.Count)
                break;
            long at = (long)c * stride;
            results.Multiply(
                pack, Into.Add, scale, dv + at, stride, strip, size, MatrixOperand.Transposed(packed.Weights + c, SlopeStride), from, rows.Count, spare: true);
            queries.Multiply(
                pack, Into.Add, heads.Scale * scale, dk + at, stride, strip, size, MatrixOperand.Transposed(packed.Slopes + c, SlopeStride), from, rows.Count, spare: true);
        }
    }

    private static void SlopesOfRow(
        float* p, float* dp, Heads heads, float slope, int hidden, int visible, int columns, float lse, float delta, int distance)
    {
        if (heads.Cap != 0)
        {
            CappedSlopes(p, dp, hidden, visible, columns, lse, delta, heads.Cap, slope, distance);
            return;
        }
        if (heads.Inclined)
            Bend(p, visible, heads, slope, distance);
        Slopes(p, dp, hidden, visible, columns, lse, delta);
    }
}
