namespace Ist.Runtime.Tests.Layers;

/// <summary>y = x W^T + b with x [rows, inputs], W [outputs, inputs] and b [outputs], as it is written.</summary>
internal static class ReferenceBiasedLinear
{
    public static double[] Forward(double[] x, double[] w, double[] b)
    {
        double[] y = ReferenceLinear.Forward(x, w, w.Length / b.Length, b.Length);
        for (int i = 0; i < y.Length; i++)
            y[i] += b[i % b.Length];
        return y;
    }

    public static (double[] Dx, double[] Dw, double[] Db) Backward(double[] dy, double[] x, double[] w, double[] b)
    {
        (double[] dx, double[] dw) = ReferenceLinear.Backward(dy, x, w, w.Length / b.Length, b.Length);
        double[] db = new double[b.Length];
        for (int i = 0; i < dy.Length; i++)
            db[i % b.Length] += dy[i];
        return (dx, dw, db);
    }
}
