using Ist.Runtime.Layers;

namespace Ist.Runtime.Tests.Layers;

/// <summary>Activation functions as their papers write them, and their derivatives.</summary>
internal static class ReferenceActivation
{
    private static readonly double _root = Math.Sqrt(2 / Math.PI);

    public static double[] Forward(ActivationFunction function, double[] x) => [.. x.Select(z => Value(function, z))];

    public static double[] Backward(ActivationFunction function, double[] dy, double[] x) => [.. x.Zip(dy, (z, d) => Slope(function, z) * d)];

    /// <summary>
    /// (1 + erf(x / sqrt(2))) / 2: near 0 by the series x + x^3 / 3 + x^5 / 15 + …, further out by the continued fraction
    /// 1 / (x + 1 / (x + 2 / (x + 3 / …))), each times the density.
    /// </summary>
    public static double Phi(double x)
    {
        double u = Math.Abs(x), density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (u < 4)
        {
            double term = x, sum = x;
            for (int n = 3; Math.Abs(term) > 1e-20; n += 2)
                sum += term *= x * x / n;
            // Below -1 half and sum cancel; the mirror image does not.
            return x < -1 ? Tail(u, density) : 0.5 + density * sum;
        }
        return x < 0 ? Tail(u, density) : 1 - Tail(u, density);
    }

    private static double Tail(double u, double density)
    {
        double fraction = u;
        for (int n = 400; n > 0; n--)
            fraction = u + n / fraction;
        return density / fraction;
    }

    private static double Value(ActivationFunction function, double x) => function switch
    {
        ActivationFunction.Gelu => x * Phi(x),
        ActivationFunction.GeluTanh => 0.5 * x * (1 + Math.Tanh(_root * (x + 0.044715 * x * x * x))),
        ActivationFunction.QuickGelu => x / (1 + Math.Exp(-1.702 * x)),
        ActivationFunction.Relu => Math.Max(x, 0),
        ActivationFunction.ReluSquared => Math.Max(x, 0) * Math.Max(x, 0),
        ActivationFunction.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationFunction.Silu => x / (1 + Math.Exp(-x)),
        ActivationFunction.Tanh => Math.Tanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    private static double Slope(ActivationFunction function, double x)
    {
        double s = 1 / (1 + Math.Exp(-x)), quick = 1 / (1 + Math.Exp(-1.702 * x)), t = Math.Tanh(_root * (x + 0.044715 * x * x * x));
        return function switch
        {
            ActivationFunction.Gelu => Phi(x) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI),
            ActivationFunction.GeluTanh => 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * _root * (1 + 3 * 0.044715 * x * x),
            ActivationFunction.QuickGelu => quick * (1 + 1.702 * x * (1 - quick)),
            ActivationFunction.Relu => x > 0 ? 1 : 0,
            ActivationFunction.ReluSquared => 2 * Math.Max(x, 0),
            ActivationFunction.Sigmoid => s * (1 - s),
            ActivationFunction.Silu => s * (1 + x * (1 - s)),
            ActivationFunction.Tanh => 1 - Math.Tanh(x) * Math.Tanh(x),
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        };
    }
}
