namespace Ist.Runtime.Tests.Layers;

/// <summary>
/// A mixture of linear experts, as it is written: of a row's logits the k largest are chosen, w is their softmax, and
/// y = sum of w_j W_j x. And the balance of its router: E sum of f_e P_e.
/// </summary>
internal static class ReferenceMixture
{
    /// <summary>The chosen experts of each row, the one with the largest logit first, and their weights.</summary>
    public static (int[] Chosen, double[] Weights) Choose(double[] logits, int experts, int perRow)
    {
        int rows = logits.Length / experts;
        int[] chosen = [.. Enumerable.Range(0, rows).SelectMany(row =>
            Enumerable.Range(0, experts).OrderByDescending(e => logits[row * experts + e]).Take(perRow))];
        double[] weights = new double[chosen.Length];
        for (int row = 0; row < rows; row++)
        {
            double sum = 0;
            for (int j = 0; j < perRow; j++)
                sum += weights[row * perRow + j] = Math.Exp(logits[row * experts + chosen[row * perRow + j]]);
            for (int j = 0; j < perRow; j++)
                weights[row * perRow + j] /= sum;
        }
        return (chosen, weights);
    }

    /// <summary>The gradient by the logits of that by the weights.</summary>
    public static double[] Backward(double[] dweights, double[] logits, int experts, int perRow)
    {
        (int[] chosen, double[] weights) = Choose(logits, experts, perRow);
        double[] dlogits = new double[logits.Length];
        for (int row = 0; row < logits.Length / experts; row++)
        {
            for (int j = 0; j < perRow; j++)
            {
                for (int i = 0; i < perRow; i++)
                {
                    double w = weights[row * perRow + i], slope = w * ((i == j ? 1 : 0) - weights[row * perRow + j]);
                    dlogits[row * experts + chosen[row * perRow + i]] += slope * dweights[row * perRow + j];
                }
            }
        }
        return dlogits;
    }

    /// <summary>y = sum of w_j W_j x in each row, W of one expert behind the other.</summary>
    public static double[] Mix(double[] x, double[] logits, double[] w, int experts, int perRow, int inputs, int outputs)
    {
        (int[] chosen, double[] weights) = Choose(logits, experts, perRow);
        int rows = x.Length / inputs;
        double[] y = new double[rows * outputs];
        for (int choice = 0; choice < chosen.Length; choice++)
        {
            int row = choice / perRow;
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++)
                    y[row * outputs + o] += weights[choice] * w[(chosen[choice] * outputs + o) * inputs + i] * x[row * inputs + i];
            }
        }
        return y;
    }

    /// <summary>E sum over experts of f_e P_e over the rows that count.</summary>
    public static double Balance(double[] logits, double[] frequencies, int experts, Func<int, bool> counts)
    {
        double sum = 0;
        int rows = Enumerable.Range(0, logits.Length / experts).Count(counts);
        for (int row = 0; row < logits.Length / experts; row++)
        {
            if (!counts(row))
                continue;
            double total = 0;
            for (int e = 0; e < experts; e++)
                total += Math.Exp(logits[row * experts + e]);
            for (int e = 0; e < experts; e++)
                sum += frequencies[e] * Math.Exp(logits[row * experts + e]) / total / rows;
        }
        return experts * sum;
    }

    /// <summary>How often an expert is chosen for a row that counts.</summary>
    public static double[] Frequencies(double[] logits, int experts, int perRow, Func<int, bool> counts)
    {
        (int[] chosen, _) = Choose(logits, experts, perRow);
        int rows = Enumerable.Range(0, logits.Length / experts).Count(counts);
        return [.. Enumerable.Range(0, experts).Select(e =>
            chosen.Where((expert, choice) => expert == e && counts(choice / perRow)).Count() / (double)rows)];
    }
}
