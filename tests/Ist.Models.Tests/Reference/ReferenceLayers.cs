namespace Ist.Models.Tests.Reference;

/// <summary>Layers in double precision, as they are written, over rows of one text; weights by their name in the checkpoint.</summary>
internal sealed class ReferenceLayers(IReadOnlyDictionary<string, double[]> weights)
{
    public double[][] Embed(int[] ids, string table, int width) => [.. ids.Select(id => weights[table + ".weight"].AsSpan(id * width, width).ToArray())];

    /// <summary>x W^T + b, with W [outputs, inputs]; no b where the checkpoint has none.</summary>
    public double[][] Linear(double[][] x, string name) => Product(x, name, (w, inputs, outputs, o, i) => w[o * inputs + i]);

    /// <summary>x V + b, with V [inputs, outputs].</summary>
    public double[][] Conv1D(double[][] x, string name) => Product(x, name, (w, inputs, outputs, o, i) => w[i * outputs + o]);

    public double[][] Norm(double[][] x, string name, double epsilon)
    {
        double[] w = weights[name + ".weight"], b = weights[name + ".bias"];
        return [.. x.Select(row =>
        {
            double mean = row.Average(), deviation = Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + epsilon);
            return row.Select((v, i) => w[i] * (v - mean) / deviation + b[i]).ToArray();
        })];
    }

    public static double[][] Sum(double[][] x, double[][] y) => [.. x.Zip(y, (a, b) => a.Zip(b, (u, v) => u + v).ToArray())];

    public static double[][] Activate(double[][] x, string function)
    {
        Func<double, double> f = function switch
        {
            "relu" => v => Math.Max(v, 0),
            "gelu_new" or "gelu_fast" => v => 0.5 * v * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))),
            "silu" => v => v / (1 + Math.Exp(-v)),
            "gelu" => v => v * Phi(v),
            _ => throw new NotSupportedException(function),
        };
        return [.. x.Select(row => row.Select(f).ToArray())];
    }

    /// <summary>The columns of each row that a choice names.</summary>
    public static double[][] Columns(double[][] x, IEnumerable<int> columns)
    {
        int[] chosen = [.. columns];
        return [.. x.Select(row => chosen.Select(c => row[c]).ToArray())];
    }

    /// <summary>The query (0), key (1) or value (2) of each head of rows [heads, 3, size].</summary>
    public static double[][] Heads(double[][] x, int heads, int which)
    {
        int size = x[0].Length / heads / 3;
        return Columns(x, Enumerable.Range(0, heads * size).Select(i => (i / size * 3 + which) * size + i % size));
    }

    /// <summary>Turns the pairs (i, i + turned / 2), or interleaved (2i, 2i + 1), of each head's first elements.</summary>
    public static double[][] Rotate(double[][] x, int heads, int turned, double theta, bool interleaved)
    {
        int size = x[0].Length / heads;
        double[][] y = [.. x.Select(row => row.ToArray())];
        for (int t = 0; t < x.Length; t++)
        {
            for (int pair = 0; pair < heads * turned / 2; pair++)
            {
                int i = pair % (turned / 2), head = pair / (turned / 2) * size;
                (int one, int other) = interleaved ? (head + 2 * i, head + 2 * i + 1) : (head + i, head + i + turned / 2);
                double angle = t * Math.Pow(theta, -2.0 * i / turned);
                y[t][one] = x[t][one] * Math.Cos(angle) - x[t][other] * Math.Sin(angle);
                y[t][other] = x[t][other] * Math.Cos(angle) + x[t][one] * Math.Sin(angle);
            }
        }
        return y;
    }

    /// <summary>Attention to the tokens before and the token itself, or to all; <paramref name="slope"/> gives what a key's position is multiplied by in a head.</summary>
    public static double[][] Attend(double[][] q, double[][] k, double[][] v, int heads, double scale, Func<int, double>? slope = null, bool causal = true)
    {
        int size = q[0].Length / heads;
        double[][] y = [.. q.Select(row => new double[row.Length])];
        for (int t = 0; t < q.Length; t++)
        {
            for (int h = 0; h < heads; h++)
            {
                double[] scores = [.. Enumerable.Range(0, causal ? t + 1 : k.Length).Select(s =>
                    scale * Enumerable.Range(h * size, size).Sum(i => q[t][i] * k[s][i]) + (slope?.Invoke(h) ?? 0) * s)];
                double highest = scores.Max(), sum = scores.Sum(s => Math.Exp(s - highest));
                for (int i = h * size; i < (h + 1) * size; i++)
                    y[t][i] = scores.Select((s, j) => Math.Exp(s - highest) / sum * v[j][i]).Sum();
            }
        }
        return y;
    }

    private double[][] Product(double[][] x, string name, Func<double[], int, int, int, int, double> at)
    {
        double[] w = weights[name + ".weight"];
        double[]? b = weights.GetValueOrDefault(name + ".bias");
        int inputs = x[0].Length, outputs = w.Length / inputs;
        return [.. x.Select(row => Enumerable.Range(0, outputs)
            .Select(o => Enumerable.Range(0, inputs).Sum(i => row[i] * at(w, inputs, outputs, o, i)) + (b?[o] ?? 0)).ToArray())];
    }

    // 0.5 + density (x + x^3 / 3 + x^5 / 15 + …)
    private static double Phi(double x)
    {
        double term = x, sum = x;
        for (int n = 3; Math.Abs(term) > 1e-22; n += 2)
            sum += term *= x * x / n;
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
