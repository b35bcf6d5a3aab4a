namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>Columns from <paramref name="begin"/> up to <paramref name="end"/>.</summary>
    internal readonly struct GpuColumns(int begin, int end)
    {
        /// <summary>Whether a column is one of them.</summary>
        public bool Have(int column) => column >= begin && column < end;

        /// <summary>Whether so many columns from one on are all among them.</summary>
        public bool HaveAll(int column, int count) => column >= begin && column + count <= end;
    }
}
