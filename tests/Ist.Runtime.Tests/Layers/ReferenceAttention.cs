namespace Ist.Runtime.Tests.Layers;

/// <summary>
/// Softmax attention with grouped keys, as it is written, with the whole matrix of probabilities: causal over a window, or over the whole
/// sequence; with a scale, a cap, and BLOOM's biases, slope x the number of real tokens before the key.
/// </summary>
internal sealed class ReferenceAttention(int heads, int keyHeads, int size, int time, (int Start, int End)[] real, int window = int.MaxValue)
{
    public double? Scale { get; init; }

    public double? Softcap { get; init; }

    public double[]? Slopes { get; init; }

    public bool IsBidirectional { get; init; }

    private double Factor => Scale ?? 1 / Math.Sqrt(size);

    public double[] Forward(double[] q, double[] k, double[] v)
    {
        double[] y = new double[q.Length];
        ForEachRow((b, h, t, row, p) =>
        {
            for (int j = First(b, t); j < End(b, t); j++)
            {
                for (int d = 0; d < size; d++)
                    y[row + d] += p[j] * v[Key(b, h, j) + d];
            }
        }, q, k);
        return y;
    }

    public (double[] Dq, double[] Dk, double[] Dv) Backward(double[] dy, double[] q, double[] k, double[] v)
    {
        double[] dq = new double[q.Length], dk = new double[k.Length], dv = new double[v.Length];
        ForEachRow((b, h, t, row, p) =>
        {
            double[] dp = new double[time];
            double mean = 0;
            for (int j = First(b, t); j < End(b, t); j++)
            {
                for (int d = 0; d < size; d++)
                {
                    dp[j] += dy[row + d] * v[Key(b, h, j) + d];
                    dv[Key(b, h, j) + d] += p[j] * dy[row + d];
                }
                mean += p[j] * dp[j];
            }
            for (int j = First(b, t); j < End(b, t); j++)
            {
                double ds = p[j] * (dp[j] - mean) * Factor * Bending(Score(q, k, row, Key(b, h, j)));
                for (int d = 0; d < size; d++)
                {
                    dq[row + d] += ds * k[Key(b, h, j) + d];
                    dk[Key(b, h, j) + d] += ds * q[row + d];
                }
            }
        }, q, k);
        return (dq, dk, dv);
    }

    private int First(int b, int t) => IsBidirectional ? real[b].Start : Math.Max(real[b].Start, t - window + 1);

    private int End(int b, int t) => IsBidirectional ? real[b].End : t + 1;

    private double Score(double[] q, double[] k, int row, int key)
    {
        double score = 0;
        for (int d = 0; d < size; d++)
            score += q[row + d] * k[key + d];
        return score * Factor;
    }

    private double Bent(double score) => Softcap is { } cap ? cap * Math.Tanh(score / cap) : score;

    private double Bending(double score) => Softcap is { } cap ? 1 - Math.Pow(Math.Tanh(score / cap), 2) : 1;

    private int Key(int b, int h, int t) => ((b * time + t) * keyHeads + h * keyHeads / heads) * size;

    private void ForEachRow(Action<int, int, int, int, double[]> visit, double[] q, double[] k)
    {
        for (int b = 0; b < real.Length; b++)
        {
            for (int h = 0; h < heads; h++)
            {
                for (int t = real[b].Start; t < real[b].End; t++)
                {
                    int row = ((b * time + t) * heads + h) * size;
                    double[] p = new double[time];
                    double sum = 0;
                    for (int j = First(b, t); j < End(b, t); j++)
                    {
                        double bias = Slopes is null ? 0 : Slopes[h] * (j - real[b].Start);
                        sum += p[j] = Math.Exp(Bent(Score(q, k, row, Key(b, h, j))) + bias);
                    }
                    for (int j = First(b, t); j < End(b, t); j++)
                        p[j] /= sum;
                    visit(b, h, t, row, p);
                }
            }
        }
    }
}
