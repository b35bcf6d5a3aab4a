using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>What the rows of one sequence see. Columns count tokens from its first one; those of a prefix lie right before the first real one.</summary>
    internal readonly struct GpuReach
    {
        private readonly GpuShape _shape;
        private readonly int _row, _keyRow;

        public GpuReach(GpuShape shape, int sequence)
        {
            _shape = shape;
            _row = shape.Rows[sequence];
            _keyRow = shape.Capacity == 0 ? _row : sequence * shape.Capacity;
            int time = shape.Rows[sequence + 1] - _row;
            End = shape.Past + time;
            First = IntrinsicMath.Clamp(shape.Start[sequence], 0, End);
            Last = IntrinsicMath.Max(First, shape.Past + IntrinsicMath.Min(time, shape.End[sequence]));
        }

        /// <summary>The end of the columns, padding included.</summary>
        public int End { get; }

        /// <summary>The first real column.</summary>
        public int First { get; }

        /// <summary>The end of the real columns.</summary>
        public int Last { get; }

        /// <summary>The first column that a query from <paramref name="begin"/> on sees.</summary>
        public int FirstKey(int begin)
        {
            int first = First - _shape.Prefix.Count;
            return _shape.IsCausal == 0 ? first : IntrinsicMath.Max(first, begin + 1 - _shape.Window);
        }

        /// <summary>The end of the columns that the queries before <paramref name="end"/> see.</summary>
        public int EndKey(int end) => _shape.IsCausal == 0 ? Last : IntrinsicMath.Min(Last, end);

        /// <summary>The first query that sees a key from <paramref name="begin"/> on.</summary>
        public int FirstQuery(int begin) => _shape.IsCausal == 0 ? First : IntrinsicMath.Max(First, begin);

        /// <summary>The end of the queries that see a key before <paramref name="end"/>.</summary>
        public int EndQuery(int end) => _shape.IsCausal == 0 ? Last : IntrinsicMath.Min(Last, end - 1 + _shape.Window);

        /// <summary>Whether the query in a column sees the key in another.</summary>
        public bool Sees(int query, int key)
        {
            bool real = query >= First && query < Last && key >= First - _shape.Prefix.Count && key < Last;
            return real && (_shape.IsCausal == 0 || (key <= query && key > query - _shape.Window));
        }

        /// <summary>The columns of the keys that a query sees.</summary>
        public GpuColumns KeysOf(int query) => query >= First && query < Last ? new GpuColumns(FirstKey(query), EndKey(query + 1)) : default;

        /// <summary>The columns of the queries that see a key.</summary>
        public GpuColumns QueriesOf(int key) => key >= First && key < Last ? new GpuColumns(FirstQuery(key), EndQuery(key + 1)) : default;

        /// <summary>A head of queries, or of what has their shape.</summary>
        public GpuHead Queries(Values q, int head) =>
            new(q, ((long)(_row - _shape.Past) * _shape.Heads + head) * _shape.Size, _shape.Heads * _shape.Size, End, _shape.Size, 1);

        /// <summary>A head of keys or values, or of what has their shape.</summary>
        public GpuHead Keys(Values k, int head) =>
            new(k, ((long)_keyRow * _shape.KeyHeads + head) * _shape.Size, _shape.KeyHeads * _shape.Size, End, _shape.Size, 1);

        /// <summary>A head of the prefix's keys or values, in their columns.</summary>
        public GpuHead Before(Values k, int head) => new(
            k, (long)head * _shape.Size - (long)(First - _shape.Prefix.Count) * _shape.Prefix.Stride, _shape.Prefix.Stride, First, _shape.Size, _shape.Prefix.Scale);

        /// <summary>The place of a query's number for a head, such as its lse.</summary>
        public long Saved(int query, int head) => (long)(_row + query - _shape.Past) * _shape.Heads + head;
    }
}
