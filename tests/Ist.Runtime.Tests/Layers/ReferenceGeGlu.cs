namespace Ist.Runtime.Tests.Layers;

/// <summary>y = gate / 2 (1 + tanh(sqrt(2 / pi) (gate + 0.044715 gate^3))) up, as it is written.</summary>
internal static class ReferenceGeGlu
{
    private static readonly double _factor = Math.Sqrt(2 / Math.PI);

    public static double[] Forward(double[] gate, double[] up) => [.. gate.Zip(up, (g, u) => g / 2 * (1 + Tanh(g)) * u)];

    public static (double[] Dgate, double[] Dup) Backward(double[] dy, double[] gate, double[] up)
    {
        double[] dgate = new double[gate.Length], dup = new double[gate.Length];
        for (int i = 0; i < gate.Length; i++)
        {
            double g = gate[i], t = Tanh(g), inner = _factor * (1 + 3 * 0.044715 * g * g);
            dgate[i] = dy[i] * up[i] * ((1 + t) / 2 + g / 2 * (1 - t * t) * inner);
            dup[i] = dy[i] * g / 2 * (1 + t);
        }
        return (dgate, dup);
    }

    private static double Tanh(double g) => Math.Tanh(_factor * (g + 0.044715 * g * g * g));
}
