namespace Ist.Runtime.Tests.Layers;

/// <summary>y = w x / sqrt(mean(x^2) + epsilon), as it is written.</summary>
internal static class ReferenceRmsNorm
{
    public static double[] Forward(double[] x, double[] w, double epsilon)
    {
        double[] y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
            y[i] = w[i % w.Length] * x[i] * Rstd(x, i / w.Length, w.Length, epsilon);
        return y;
    }

    public static (double[] Dx, double[] Dw) Backward(double[] dy, double[] x, double[] w, double epsilon)
    {
        int width = w.Length;
        double[] dx = new double[x.Length], dw = new double[width];
        for (int row = 0; row < x.Length / width; row++)
        {
            double rstd = Rstd(x, row, width, epsilon), mean = 0;
            for (int i = 0; i < width; i++)
            {
                int at = row * width + i;
                mean += w[i] * dy[at] * x[at] * rstd / width;
                dw[i] += dy[at] * x[at] * rstd;
            }
            for (int i = 0; i < width; i++)
            {
                int at = row * width + i;
                dx[at] = rstd * (w[i] * dy[at] - x[at] * rstd * mean);
            }
        }
        return (dx, dw);
    }

    private static double Rstd(double[] x, int row, int width, double epsilon)
    {
        double squares = 0;
        for (int i = 0; i < width; i++)
            squares += x[row * width + i] * x[row * width + i];
        return 1 / Math.Sqrt(squares / width + epsilon);
    }
}
