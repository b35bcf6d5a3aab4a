namespace Ist.Runtime.Tests.Layers;

/// <summary>y = w (x - mean) / sqrt(variance + epsilon) + b, as it is written.</summary>
internal static class ReferenceLayerNorm
{
    public static double[] Forward(double[] x, double[] w, double[] b, double epsilon)
    {
        double[] n = Normed(x, w.Length, epsilon, out _);
        return [.. n.Select((value, i) => w[i % w.Length] * value + b[i % w.Length])];
    }

    public static (double[] Dx, double[] Dw, double[] Db) Backward(double[] dy, double[] x, double[] w, double epsilon)
    {
        int width = w.Length;
        double[] n = Normed(x, width, epsilon, out double[] rstd), dx = new double[x.Length], dw = new double[width], db = new double[width];
        for (int row = 0; row < rstd.Length; row++)
        {
            double mean = 0, along = 0;
            for (int i = 0; i < width; i++)
            {
                int at = row * width + i;
                mean += w[i] * dy[at] / width;
                along += w[i] * dy[at] * n[at] / width;
                dw[i] += dy[at] * n[at];
                db[i] += dy[at];
            }
            for (int i = 0; i < width; i++)
            {
                int at = row * width + i;
                dx[at] = rstd[row] * (w[i] * dy[at] - mean - n[at] * along);
            }
        }
        return (dx, dw, db);
    }

    private static double[] Normed(double[] x, int width, double epsilon, out double[] rstd)
    {
        double[] n = new double[x.Length];
        rstd = new double[x.Length / width];
        for (int row = 0; row < rstd.Length; row++)
        {
            ReadOnlySpan<double> values = x.AsSpan(row * width, width);
            double mean = 0, variance = 0;
            foreach (double value in values)
                mean += value / width;
            foreach (double value in values)
                variance += (value - mean) * (value - mean) / width;
            rstd[row] = 1 / Math.Sqrt(variance + epsilon);
            for (int i = 0; i < width; i++)
                n[row * width + i] = (values[i] - mean) * rstd[row];
        }
        return n;
    }
}
