using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Peft;

/// <summary>A bottleneck adapter before, after or beside a linear layer, in double.</summary>
internal sealed record ReferenceBottleneck(
    string Place, string Function, int Inputs, int Outputs, int Size, double[] Weight, double[] Down, double[] Up, double Scaling, double Factor)
{
    private int In => Place == "after" ? Outputs : Inputs;

    private int Out => Place == "before" ? Inputs : Outputs;

    public double[] Forward(double[] x) => Place switch
    {
        "before" => ReferenceLinear.Forward(Numbers.Sum(x, Adapter(x)), Weight, Inputs, Outputs),
        "after" => Series(ReferenceLinear.Forward(x, Weight, Inputs, Outputs)),
        _ => Numbers.Sum(ReferenceLinear.Forward(x, Weight, Inputs, Outputs), Adapter(x)),
    };

    public (double[] Dx, double[] Ddown, double[] Dup, double Dscaling) Backward(double[] dy, double[] x)
    {
        if (Place == "before")
        {
            double[] dsum = ByWeight(dy);
            (double[] through, double[] ddown, double[] dup, double ds) = BackwardAdapter(dsum, x);
            return (Numbers.Sum(dsum, through), ddown, dup, ds);
        }
        if (Place == "after")
        {
            (double[] through, double[] ddown, double[] dup, double ds) = BackwardAdapter(dy, ReferenceLinear.Forward(x, Weight, Inputs, Outputs));
            return (ByWeight(Numbers.Sum(dy, through)), ddown, dup, ds);
        }
        (double[] beside, double[] down, double[] up, double scaling) = BackwardAdapter(dy, x);
        return (Numbers.Sum(ByWeight(dy), beside), down, up, scaling);
    }

    private double[] Series(double[] z) => Numbers.Sum(z, Adapter(z));

    private double[] ByWeight(double[] dy) => Product(dy, Outputs, (o, i) => Weight[o * Inputs + i], Inputs);

    private double[] Adapter(double[] x) =>
        [.. ReferenceLinear.Forward([.. ReferenceLinear.Forward(x, Down, In, Size).Select(Value)], Up, Size, Out).Select(v => Scaling * Factor * v)];

    private (double[] Dx, double[] Ddown, double[] Dup, double Dscaling) BackwardAdapter(double[] dy, double[] x)
    {
        int rows = x.Length / In;
        double[] h = ReferenceLinear.Forward(x, Down, In, Size), a = [.. h.Select(Value)];
        double[] u = ReferenceLinear.Forward(a, Up, Size, Out), scaled = [.. dy.Select(v => Scaling * Factor * v)];
        double[] dh = Product(scaled, Out, (o, k) => Up[o * Size + k], Size);
        for (int i = 0; i < dh.Length; i++)
            dh[i] *= Slope(h[i]);
        double[] ddown = new double[Size * In], dup = new double[Out * Size];
        for (int row = 0; row < rows; row++)
        {
            for (int k = 0; k < Size; k++)
            {
                for (int i = 0; i < In; i++)
                    ddown[k * In + i] += dh[row * Size + k] * x[row * In + i];
                for (int o = 0; o < Out; o++)
                    dup[o * Size + k] += scaled[row * Out + o] * a[row * Size + k];
            }
        }
        return (Product(dh, Size, (k, i) => Down[k * In + i], In), ddown, dup, Factor * dy.Zip(u, (d, v) => d * v).Sum());
    }

    private static double[] Product(double[] x, int width, Func<int, int, double> matrix, int outputs)
    {
        int rows = x.Length / width;
        double[] y = new double[rows * outputs];
        for (int row = 0; row < rows; row++)
        {
            for (int k = 0; k < width; k++)
            {
                for (int o = 0; o < outputs; o++)
                    y[row * outputs + o] += x[row * width + k] * matrix(k, o);
            }
        }
        return y;
    }

    private double Value(double x) => Function switch
    {
        "tanh" => Math.Tanh(x),
        "relu" => Math.Max(x, 0),
        "silu" => x / (1 + Math.Exp(-x)),
        _ => x * Phi(x),
    };

    private double Slope(double x) => Function switch
    {
        "tanh" => 1 - Math.Pow(Math.Tanh(x), 2),
        "relu" => x > 0 ? 1 : 0,
        "silu" => Sigmoid(x) * (1 + x * (1 - Sigmoid(x))),
        _ => Phi(x) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI),
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // The series of the error function, which converges fast where the arguments are small.
    private static double Phi(double x)
    {
        double term = x / Math.Sqrt(2), sum = term, square = x * x / 2;
        for (int n = 1; n < 80; n++)
        {
            term *= -square / n;
            sum += term / (2 * n + 1);
        }
        return (1 + 2 / Math.Sqrt(Math.PI) * sum) / 2;
    }
}
