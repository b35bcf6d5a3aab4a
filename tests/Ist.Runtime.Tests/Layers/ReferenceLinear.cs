namespace Ist.Runtime.Tests.Layers;

/// <summary>y = x W^T with x [rows, inputs] and W [outputs, inputs], as it is written.</summary>
internal static class ReferenceLinear
{
    public static double[] Forward(double[] x, double[] w, int inputs, int outputs)
    {
        int rows = x.Length / inputs;
        double[] y = new double[rows * outputs];
        for (int row = 0; row < rows; row++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++)
                    y[row * outputs + o] += x[row * inputs + i] * w[o * inputs + i];
            }
        }
        return y;
    }

    public static (double[] Dx, double[] Dw) Backward(double[] dy, double[] x, double[] w, int inputs, int outputs)
    {
        double[] dx = new double[x.Length], dw = new double[w.Length];
        for (int row = 0; row < x.Length / inputs; row++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++)
                {
                    dx[row * inputs + i] += dy[row * outputs + o] * w[o * inputs + i];
                    dw[o * inputs + i] += dy[row * outputs + o] * x[row * inputs + i];
                }
            }
        }
        return (dx, dw);
    }
}
