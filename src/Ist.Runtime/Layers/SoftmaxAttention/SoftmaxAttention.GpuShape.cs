using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>Head counts, how scores are made and where sequences stand, as kernels carry them; <see cref="Heads"/> and <see cref="Reach"/> of a batch.</summary>
    internal struct GpuShape
    {
        public ArrayView<int> Rows, Start, End;
        public int Past, Capacity, Heads, KeyHeads, Size, Window, IsCausal;
        public float Scale, Cap;

        /// <summary>The keys that stand before the first token of each sequence.</summary>
        public GpuPrefix Prefix;

        /// <summary>Of the slopes by distance (<see cref="AlibiSlopes"/>): 2^(-4 / power); 0 for none.</summary>
        public double SlopeRatio;

        /// <summary>The power of two not above the number of heads.</summary>
        public int SlopePower;

        /// <summary>The key head that a head reads.</summary>
        public readonly int KeyHead(int head) => head / (Heads / KeyHeads);

        /// <summary>What a head's scores rise by from one column to the next.</summary>
        public readonly float Incline(int head)
        {
            double slope = 1, factor = SlopeRatio;
            for (int left = head < SlopePower ? 2 * (head + 1) : 2 * (head - SlopePower) + 1; left > 0; left /= 2)
            {
                slope *= left % 2 == 0 ? 1 : factor;
                factor *= factor;
            }
            return (float)slope;
        }

        /// <summary>A score of a product of query and key, without what the distance adds.</summary>
        public readonly float Score(float product)
        {
            float score = product * Scale;
            return Cap == 0 ? score : Cap * GpuMath.Tanh(score / Cap);
        }

        /// <summary>The product becomes e^(score - max), 0 where it is not seen; gives what earlier sums are multiplied by.</summary>
        /// <param name="sees">Whether the key is seen.</param>
        /// <param name="distance">What the distance adds to the score.</param>
        /// <param name="p">The product.</param>
        /// <param name="max">The largest score so far.</param>
        /// <param name="sum">The sum of weights so far.</param>
        public readonly float Weigh(bool sees, float distance, ref float p, ref float max, ref float sum)
        {
            float score = Score(p) + distance, largest = IntrinsicMath.Max(max, Lane.Max(sees ? score : float.NegativeInfinity));
            // Nothing was seen yet: anything minus infinity would be no number.
            float shift = largest == float.NegativeInfinity ? 0 : largest, shrink = GpuMath.Exp(max - shift);
            p = sees ? GpuMath.Exp(score - shift) : 0;
            sum = sum * shrink + Lane.Sum(p);
            max = largest;
            return shrink;
        }

        /// <summary>The derivative of a score by the product, given the score.</summary>
        public readonly float Slope(float score) => Cap == 0 ? Scale : Scale * (1 - score / Cap * (score / Cap));
    }

    /// <summary>A <see cref="KeyValuePrefix"/> as kernels carry it.</summary>
    internal struct GpuPrefix
    {
        public ArrayView<float> Keys, Values;
        public int Count, Stride;
        public float Scale;
    }

    /// <summary>Rows of one head, from row 0 up to an end; a row i begins at <paramref name="first"/> + i <paramref name="stride"/>. What is read or written is multiplied.</summary>
    internal readonly struct GpuHead(Values data, long first, int stride, int end, int size, float scale)
    {
        /// <summary>Four elements of a row; 0 beyond the end.</summary>
        public Quad Load(int row, int quad) =>
            row < end ? Quads.Load(data, first + (long)row * stride + 4 * quad, size - 4 * quad, Quads.Align(size)) * scale : Quad.Of(0);

        /// <summary>
        /// Four elements of four rows so far apart, without a factor; of rows beyond the end those of the last, and 0 beyond a row's end. Rows
        /// begin at multiples of 16 bytes, or of 8 where they are BF16.
        /// </summary>
        public QuadBlock LoadFour(int row, int step, int last, int quad)
        {
            QuadBlock block = default;
            if (4 * quad >= size)
                return block;
            block.A = data.Four((first + (long)IntrinsicMath.Min(row, last) * stride) / 4 + quad);
            block.B = data.Four((first + (long)IntrinsicMath.Min(row + step, last) * stride) / 4 + quad);
            block.C = data.Four((first + (long)IntrinsicMath.Min(row + 2 * step, last) * stride) / 4 + quad);
            block.D = data.Four((first + (long)IntrinsicMath.Min(row + 3 * step, last) * stride) / 4 + quad);
            return block;
        }

        /// <summary>Sets or adds to four elements of a row; nothing beyond its end or that of the rows.</summary>
        public void Put(Quad value, bool adds, int row, int quad)
        {
            if (row < end && 4 * quad < size)
                Quads.Put(value * scale, adds, data, first + (long)row * stride + 4 * quad, size - 4 * quad, Quads.Align(size));
        }
    }
}
