using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    // A window wider than any sequence, and far from the limits of an int.
    private const int Everything = 1 << 30;

    /// <summary>Head counts and how scores are made, as jobs carry them.</summary>
    /// <param name="Query">Query heads.</param>
    /// <param name="KeyValue">Key heads.</param>
    /// <param name="Size">Elements of a head.</param>
    /// <param name="Scale">What products of queries and keys are multiplied by.</param>
    /// <param name="Cap">The cap of scores; 0 for none.</param>
    /// <param name="Inclined">Whether scores fall with the distance of the key.</param>
    private readonly record struct Heads(int Query, int KeyValue, int Size, float Scale, float Cap, bool Inclined)
    {
        public static Heads Of<Q, K>(SoftmaxAttention<Q, K> attention) where Q : IWidth where K : IWidth => new(
            attention.Heads, attention.KeyValueHeads, attention.HeadSize, attention.Scale, attention.Softcap ?? 0, attention.Alibi);

        /// <summary>Whether scores are more than scaled products.</summary>
        public bool AreBent => Cap != 0 || Inclined;

        /// <summary>Query heads that read one key head.</summary>
        public int Group => Query / KeyValue;

        /// <summary>Elements of a row of queries.</summary>
        public int QueryWidth => Query * Size;

        /// <summary>Elements of a row of keys.</summary>
        public int KeyWidth => KeyValue * Size;

        /// <summary>What a score rises by from one column to the next.</summary>
        public float Slope(int head) => Inclined ? AlibiSlopes.Of(Query, head) : 0;
    }

    /// <summary>
    /// The keys and values that a batch's queries read. A sequence is a segment of the batch, so that nothing is computed between examples
    /// that share a row, and each has the bits that it would have in a row of its own. Columns count tokens from the first one of a sequence.
    /// </summary>
    /// <param name="keys">Keys; each sequence's are where its rows are in the batch, or <paramref name="capacity"/> rows behind those before.</param>
    /// <param name="values">Values, likewise.</param>
    /// <param name="capacity">Rows of a sequence in the cache; 0 where the batch's own keys are read.</param>
    /// <param name="past">Columns before the batch's first query.</param>
    /// <param name="rows">The batch's row that each sequence begins with, and the end of the last.</param>
    /// <param name="longest">Queries of the longest sequence, padding behind it left out.</param>
    /// <param name="start">The first real column of each sequence.</param>
    /// <param name="end">The end of each sequence's real queries, counted within the batch.</param>
    /// <param name="window">Columns that a query sees at most, its own among them.</param>
    /// <param name="isCausal">Whether a query sees nothing after its own column.</param>
    private readonly struct Reach(float* keys, float* values, int capacity, int past, int* rows, int longest, int* start, int* end, int window, bool isCausal)
    {
        public bool IsCausal => isCausal;

        public int Past { get; } = past;

        public int Longest { get; } = longest;

        /// <summary>The first row of a sequence in the batch.</summary>
        public long Row(int sequence) => rows[sequence];

        /// <summary>Queries of a sequence, padding included.</summary>
        public int Time(int sequence) => rows[sequence + 1] - rows[sequence];

        public float* Keys(int sequence, int width) => keys + KeyRow(sequence) * width;

        public float* Values(int sequence, int width) => values + KeyRow(sequence) * width;

        /// <summary>The first real column.</summary>
        public int First(int sequence) => Math.Max(0, start[sequence]);

        /// <summary>The first column that the query in a column sees; it may lie before the first real one.</summary>
        public int FirstSeen(int column) => isCausal ? column + 1 - window : -Everything;

        /// <summary>The end of the columns that the query in a column sees.</summary>
        public int EndSeen(int sequence, int column) => isCausal ? column + 1 : End(sequence);

        /// <summary>The end of the real columns.</summary>
        public int End(int sequence) => Past + Math.Min(Time(sequence), end[sequence]);

        private long KeyRow(int sequence) => capacity == 0 ? rows[sequence] : (long)sequence * capacity;
    }

    /// <summary>Some keys and their values, side by side.</summary>
    /// <param name="keys">The first key of the head.</param>
    /// <param name="values">Its value.</param>
    /// <param name="stride">Floats from one key to the next.</param>
    /// <param name="scale">What keys and values are multiplied by.</param>
    /// <param name="column">The column of the first.</param>
    /// <param name="columns">How many.</param>
    private readonly struct Block(float* keys, float* values, int stride, float scale, int column, int columns)
    {
        public int Column { get; } = column;

        public int Columns { get; } = columns;

        public float Scale { get; } = scale;

        public MatrixOperand Keys => MatrixOperand.Plain(keys, stride);

        public MatrixOperand KeysAcross => MatrixOperand.Transposed(keys, stride);

        public MatrixOperand Values => MatrixOperand.Plain(values, stride);

        public MatrixOperand ValuesAcross => MatrixOperand.Transposed(values, stride);
    }

    /// <summary>The prefix as the queries of a sequence see it: its columns stand right before the first real one.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="offset">The head's place in a key.</param>
    /// <param name="at">The first position.</param>
    /// <param name="most">Positions at most.</param>
    /// <param name="first">The first real column.</param>
    private static Block Before(KeyValuePrefix prefix, int offset, int at, int most, int first)
    {
        long place = (long)at * prefix.Stride + offset;
        return new Block(
            prefix.Keys + place, prefix.Values + place, prefix.Stride, prefix.Scale, first - prefix.Count + at, Math.Min(most, prefix.Count - at));
    }

    /// <summary>The operations of so many products between each real query and the keys that it sees, in all heads.</summary>
    private static long Products(Reach reach, int sequences, Heads heads, int products, int prefix, int productsOfPrefix)
    {
        long pairs = 0;
        for (int s = 0; s < sequences; s++)
        {
            int first = reach.First(s);
            for (int column = Math.Max(first, reach.Past); column < reach.End(s); column++)
            {
                pairs += products * (long)(reach.EndSeen(s, column) - Math.Max(first, reach.FirstSeen(column)));
                pairs += productsOfPrefix * (long)Math.Clamp(first - reach.FirstSeen(column), 0, prefix);
            }
        }
        return 2 * pairs * heads.Query * heads.Size;
    }

    /// <summary>What the queries of a whole batch read: its own keys and values.</summary>
    private static Reach Within<Q, K>(Batch batch, float* k, float* v, SoftmaxAttention<Q, K> attention) where Q : IWidth where K : IWidth =>
        new(k, v, 0, 0, batch.SegmentRows, batch.LongestSegment, batch.SegmentStart, batch.SegmentEnd, attention.Window ?? Everything, attention.IsCausal);

    /// <summary>What they read while generating: the batch's keys and values are put behind those in the cache.</summary>
    private static Reach Append<Q, K>(Run run, KeyValueCache cache, float* k, float* v, SoftmaxAttention<Q, K> attention)
        where Q : IWidth where K : IWidth
    {
        Batch batch = run.Batch;
        cache.Append(run, k, v);
        return new Reach(
            cache.Keys, cache.Values, cache.Capacity, batch.Past, batch.SegmentRows, batch.LongestSegment, batch.SegmentStart, batch.SegmentEnd,
            attention.Window ?? Everything, attention.IsCausal);
    }
}
