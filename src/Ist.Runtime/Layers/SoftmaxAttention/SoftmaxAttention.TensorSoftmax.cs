using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>The on-line softmax of 16 rows: what a thread knows of rows g and g + 8. Scores are in units of log 2.</summary>
    internal struct TensorSoftmax()
    {
        private float _upper = float.NegativeInfinity, _lower = float.NegativeInfinity;

        // Of the thread's own columns: X and Y of row g, Z and W of row g + 8.
        private Quad _sums = default;

        /// <summary>Scores of 64 columns become 2^(score - the largest so far).</summary>
        /// <param name="left">Those of 32 columns.</param>
        /// <param name="right">Those of the next 32.</param>
        /// <param name="shrinkUpper">What earlier sums of row g are multiplied by.</param>
        /// <param name="shrinkLower">What those of row g + 8 are.</param>
        public void Weigh(ref QuadBlock left, ref QuadBlock right, out float shrinkUpper, out float shrinkLower)
        {
            Quad largest = Quad.Max(
                Quad.Max(Quad.Max(left.A, left.B), Quad.Max(left.C, left.D)), Quad.Max(Quad.Max(right.A, right.B), Quad.Max(right.C, right.D)));
            float shiftUpper = Rise(ref _upper, IntrinsicMath.Max(largest.X, largest.Y), out shrinkUpper);
            float shiftLower = Rise(ref _lower, IntrinsicMath.Max(largest.Z, largest.W), out shrinkLower);
            var shift = new Quad(shiftUpper, shiftUpper, shiftLower, shiftLower);
            left = TensorScores.Weights(left - shift);
            right = TensorScores.Weights(right - shift);
            _sums *= new Quad(shrinkUpper, shrinkUpper, shrinkLower, shrinkLower);
            _sums += left.A + left.B + (left.C + left.D) + (right.A + right.B + (right.C + right.D));
        }

        /// <summary>The logarithms of the sums of e^score, and the sums' inverses; 0 for rows that saw nothing.</summary>
        public readonly void Close(out float lseUpper, out float lseLower, out float inverseUpper, out float inverseLower)
        {
            Close(_upper, Across(_sums.X + _sums.Y), out lseUpper, out inverseUpper);
            Close(_lower, Across(_sums.Z + _sums.W), out lseLower, out inverseLower);
        }

        private static float Rise(ref float max, float largest, out float shrink)
        {
            largest = IntrinsicMath.Max(largest, Warp.ShuffleXor(largest, 1));
            largest = IntrinsicMath.Max(max, IntrinsicMath.Max(largest, Warp.ShuffleXor(largest, 2)));
            // Nothing was seen yet: anything minus infinity would be no number.
            float shift = largest == float.NegativeInfinity ? 0 : largest;
            shrink = GpuMath.RoughExp2(max - shift);
            max = largest;
            return shift;
        }

        private static float Across(float sum)
        {
            sum += Warp.ShuffleXor(sum, 1);
            return sum + Warp.ShuffleXor(sum, 2);
        }

        private static void Close(float max, float sum, out float lse, out float inverse)
        {
            lse = sum == 0 ? 0 : (float)(max / (double)TensorScores.Log2E + GpuMath.Log(sum));
            inverse = sum == 0 ? 0 : 1 / sum;
        }
    }
}
