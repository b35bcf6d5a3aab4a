using Ist.Runtime.Data;
using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

public static unsafe partial class CausalAttention
{
    // A window wider than any sequence, and far from the limits of an int.
    private const int Everything = 1 << 30;

    /// <summary>Head counts, as jobs carry them.</summary>
    private readonly record struct Heads(int Query, int KeyValue, int Size)
    {
        /// <summary>Query heads that read one key head.</summary>
        public int Group => Query / KeyValue;

        /// <summary>Elements of a row of queries.</summary>
        public int QueryWidth => Query * Size;

        /// <summary>Elements of a row of keys.</summary>
        public int KeyWidth => KeyValue * Size;

        /// <summary>What scores are multiplied by.</summary>
        public float Scale => (float)(1 / Math.Sqrt(Size));
    }

    /// <summary>The keys and values that a batch's queries read. Columns count tokens from the first one of a sequence.</summary>
    /// <param name="keys">Keys; those of the next sequence are <paramref name="capacity"/> rows further.</param>
    /// <param name="values">Values, likewise.</param>
    /// <param name="capacity">Rows from one sequence to the next.</param>
    /// <param name="past">Columns before the batch's first query.</param>
    /// <param name="time">Queries of a sequence.</param>
    /// <param name="start">The first real column of each sequence.</param>
    /// <param name="end">The end of each sequence's real queries, counted within the batch.</param>
    /// <param name="window">Columns that a query sees at most, its own among them.</param>
    private readonly struct Reach(float* keys, float* values, int capacity, int past, int time, int* start, int* end, int window)
    {
        public int Past { get; } = past;

        public int Time { get; } = time;

        public float* Keys(int sequence, int width) => keys + (long)sequence * capacity * width;

        public float* Values(int sequence, int width) => values + (long)sequence * capacity * width;

        /// <summary>The first real column.</summary>
        public int First(int sequence) => Math.Max(0, start[sequence]);

        /// <summary>The first column that the query in a column sees; it may lie before the first real one.</summary>
        public int FirstSeen(int column) => column + 1 - window;

        /// <summary>The end of the real columns.</summary>
        public int End(int sequence) => Past + Math.Min(Time, end[sequence]);
    }

    /// <summary>What the queries of a whole batch read: its own keys and values.</summary>
    private static Reach Within(Batch batch, float* k, float* v, int? window) =>
        new(k, v, batch.Time, 0, batch.Time, batch.Start, batch.End, window ?? Everything);

    /// <summary>What they read while generating: the batch's keys and values are put behind those in the cache.</summary>
    private static Reach Append(Run run, KeyValueCache cache, float* k, float* v, int? window)
    {
        Batch batch = run.Batch;
        cache.Append(run, k, v);
        return new Reach(cache.Keys, cache.Values, cache.Capacity, batch.Past, batch.Time, batch.Start, batch.End, window ?? Everything);
    }
}
