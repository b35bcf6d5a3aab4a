namespace Ist.Runtime.Tests.Layers;

/// <summary>
/// Each pair (x_i, x_{i + h/2}) of the first h elements of a head is turned by position * theta^(-2i/h), perhaps divided by a factor
/// of the pair, and multiplied, as it is written.
/// </summary>
internal static class ReferenceRotary
{
    public static double[] Turn(
        double[] x, int width, int headSize, double theta, Func<int, int> position, double direction = 1, int? turned = null,
        Func<int, double>? divisor = null, double factor = 1)
    {
        double[] y = [.. x];
        int h = turned ?? headSize, half = h / 2;
        for (int head = 0; head < x.Length; head += headSize)
        {
            for (int i = 0; i < half; i++)
            {
                double angle = direction * position(head / width) * Math.Pow(theta, -2.0 * i / h) / (divisor?.Invoke(i) ?? 1);
                double a = x[head + i], b = x[head + half + i];
                y[head + i] = factor * (a * Math.Cos(angle) - b * Math.Sin(angle));
                y[head + half + i] = factor * (b * Math.Cos(angle) + a * Math.Sin(angle));
            }
        }
        return y;
    }
}
