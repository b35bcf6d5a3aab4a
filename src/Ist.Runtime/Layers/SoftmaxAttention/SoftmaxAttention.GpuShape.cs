using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>Head counts and what each row sees, as kernels carry them; <see cref="Heads"/> and <see cref="Reach"/> of a whole batch.</summary>
    internal struct GpuShape
    {
        public ArrayView<int> Start, End;
        public int Sequences, Time, Heads, KeyHeads, Size, Window, IsCausal;
        public float Scale, Cap;

        /// <summary>Groups for all rows, so many of each warp, of all heads of all sequences.</summary>
        public readonly Index3D Groups(int warps, int heads) => new((Time + RowsOfWarp * warps - 1) / (RowsOfWarp * warps), heads, Sequences);

        /// <summary>The first real column of the group's sequence.</summary>
        public readonly int First => IntrinsicMath.Clamp(Start[Grid.IdxZ], 0, Time);

        /// <summary>The end of its real columns.</summary>
        public readonly int Last => IntrinsicMath.Max(First, IntrinsicMath.Min(Time, End[Grid.IdxZ]));

        /// <summary>Whether the query in a column sees the key in another.</summary>
        public readonly bool Sees(int query, int key)
        {
            int first = First, last = Last;
            bool real = query >= first && query < last && key >= first && key < last;
            return real && (IsCausal == 0 || (key <= query && key > query - Window));
        }

        /// <summary>Where a head of a row of the group's sequence begins.</summary>
        public readonly long At(int column, int heads, int head) => (((long)Grid.IdxZ * Time + column) * heads + head) * Size;

        /// <summary>The place of a row's number for a head, such as its lse.</summary>
        public readonly long Saved(int column, int head) => ((long)Grid.IdxZ * Time + column) * Heads + head;

        /// <summary>A score of a product of query and key.</summary>
        public readonly float Score(float product)
        {
            float score = product * Scale;
            return Cap == 0 ? score : Cap * GpuMath.Tanh(score / Cap);
        }

        /// <summary>The derivative of a score by the product, given the score.</summary>
        public readonly float Slope(float score) => Cap == 0 ? Scale : Scale * (1 - score / Cap * (score / Cap));
    }
}
