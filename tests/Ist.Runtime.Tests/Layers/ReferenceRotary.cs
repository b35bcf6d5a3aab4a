namespace Ist.Runtime.Tests.Layers;

/// <summary>
/// Each pair (x_i, x_{i + r/2}) of a head's first r elements, or (x_{2i}, x_{2i + 1}) where pairs are interleaved, is turned by
/// position * theta^(-2i/r), perhaps divided by a number of the pair, and multiplied by a factor, as it is written.
/// </summary>
internal static class ReferenceRotary
{
    public static double[] Turn(
        double[] x, int width, int headSize, double theta, Func<int, int> position, double direction = 1, int? turned = null, bool interleaved = false,
        Func<int, double>? divisor = null, double factor = 1)
    {
        double[] y = [.. x];
        int half = (turned ?? headSize) / 2;
        for (int head = 0; head < x.Length; head += headSize)
        {
            for (int i = 0; i < half; i++)
            {
                double angle = direction * position(head / width) * Math.Pow(theta, -1.0 * i / half) / (divisor?.Invoke(i) ?? 1);
                (int one, int other) = interleaved ? (head + 2 * i, head + 2 * i + 1) : (head + i, head + half + i);
                y[one] = factor * (x[one] * Math.Cos(angle) - x[other] * Math.Sin(angle));
                y[other] = factor * (x[other] * Math.Cos(angle) + x[one] * Math.Sin(angle));
            }
        }
        return y;
    }
}
