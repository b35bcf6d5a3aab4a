namespace Ist.Runtime.Tests.Layers;

/// <summary>y = gate / (1 + e^-gate) up, as it is written.</summary>
internal static class ReferenceSwiGlu
{
    public static double[] Forward(double[] gate, double[] up) => [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)];

    public static (double[] Dgate, double[] Dup) Backward(double[] dy, double[] gate, double[] up)
    {
        double[] dgate = new double[gate.Length], dup = new double[gate.Length];
        for (int i = 0; i < gate.Length; i++)
        {
            double s = 1 / (1 + Math.Exp(-gate[i]));
            dgate[i] = dy[i] * up[i] * s * (1 + gate[i] * (1 - s));
            dup[i] = dy[i] * gate[i] * s;
        }
        return (dgate, dup);
    }
}
