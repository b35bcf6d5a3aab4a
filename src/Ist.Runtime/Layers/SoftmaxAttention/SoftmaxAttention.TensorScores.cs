using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// Scores of a head as tensor cores leave their products, in units of log 2: a thread has columns c and c + 1 of rows g (X, Y) and g + 8 (Z, W), in each
    /// quad 8 columns further.
    /// </summary>
    internal readonly struct TensorScores(GpuShape shape, int head)
    {
        /// <summary>1 / log 2.</summary>
        public const float Log2E = 1.44269504f;

        private readonly float _scale = shape.Scale * Log2E, _cap = shape.Cap * Log2E, _incline = shape.Incline(head) * Log2E;

        /// <summary>The scores of products, without what the distance adds.</summary>
        public QuadBlock Of(QuadBlock products)
        {
            products *= Quad.Of(_scale);
            if (_cap == 0)
                return products;
            return new QuadBlock { A = Capped(products.A), B = Capped(products.B), C = Capped(products.C), D = Capped(products.D) };
        }

        /// <summary>Adds what the distance adds.</summary>
        /// <param name="scores">The scores.</param>
        /// <param name="distance">From the query to the key of the thread's first score.</param>
        /// <param name="step">What it changes by from one column to the next: 1 where columns are keys, -1 where rows are.</param>
        public QuadBlock Inclined(QuadBlock scores, int distance, int step)
        {
            if (_incline == 0)
                return scores;
            float by = step * _incline, first = distance * _incline;
            var offsets = new Quad(first, first + by, first - 8 * by, first - 7 * by);
            var eight = Quad.Of(8 * by);
            scores.A += offsets;
            scores.B += offsets += eight;
            scores.C += offsets += eight;
            scores.D += offsets + eight;
            return scores;
        }

        /// <summary>Gradients by scores become those by scaled products.</summary>
        public QuadBlock Bent(QuadBlock gradients, QuadBlock scores)
        {
            if (_cap == 0)
                return gradients;
            return gradients * new QuadBlock { A = Slope(scores.A), B = Slope(scores.B), C = Slope(scores.C), D = Slope(scores.D) };
        }

        /// <summary>Minus infinity where a row does not see a column.</summary>
        public static QuadBlock Seen(QuadBlock scores, GpuColumns upper, GpuColumns lower, int column) => new()
        {
            A = Seen(scores.A, upper, lower, column),
            B = Seen(scores.B, upper, lower, column + 8),
            C = Seen(scores.C, upper, lower, column + 16),
            D = Seen(scores.D, upper, lower, column + 24),
        };

        /// <summary>2^score.</summary>
        public static QuadBlock Weights(QuadBlock scores) =>
            new() { A = Weights(scores.A), B = Weights(scores.B), C = Weights(scores.C), D = Weights(scores.D) };

        private static Quad Weights(Quad x) => new(GpuMath.RoughExp2(x.X), GpuMath.RoughExp2(x.Y), GpuMath.RoughExp2(x.Z), GpuMath.RoughExp2(x.W));

        private static Quad Seen(Quad scores, GpuColumns upper, GpuColumns lower, int column) => new(
            upper.Have(column) ? scores.X : float.NegativeInfinity, upper.Have(column + 1) ? scores.Y : float.NegativeInfinity,
            lower.Have(column) ? scores.Z : float.NegativeInfinity, lower.Have(column + 1) ? scores.W : float.NegativeInfinity);

        private Quad Capped(Quad scores) => new(Capped(scores.X), Capped(scores.Y), Capped(scores.Z), Capped(scores.W));

        // cap tanh(x / cap) = cap (1 - 2 / (e^(2 x / cap) + 1)), near enough: the error is 2^-23 of the cap.
        private float Capped(float score) => _cap - 2 * _cap / (GpuMath.RoughExp2(2 * Log2E / _cap * score) + 1);

        private Quad Slope(Quad scores)
        {
            Quad part = scores * (1 / _cap);
            return Quad.Of(1) - part * part;
        }
    }
}
