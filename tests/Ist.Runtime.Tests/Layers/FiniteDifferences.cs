namespace Ist.Runtime.Tests.Layers;

/// <summary>Central differences in double precision.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <summary>
    /// Fails unless <paramref name="dx"/> is the gradient of the sum of dy f(x). A step of 1e-5 errs by its square in
    /// the curvature and by 1e-11 in rounding; at most 1.8e-10 of the largest entry was measured.
    /// </summary>
    public static void Check(Func<double[], double[]> f, double[] x, double[] dy, double[] dx, string what)
    {
        double[] slopes = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double kept = x[i];
            x[i] = kept + Step;
            double up = Dot(f(x), dy);
            x[i] = kept - Step;
            double down = Dot(f(x), dy);
            x[i] = kept;
            slopes[i] = (up - down) / (2 * Step);
        }
        Numbers.Near(2e-9, slopes, dx, what);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
