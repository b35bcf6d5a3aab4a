namespace Ist.Runtime.Sparse;

/// <summary>
/// How IST learns (arXiv 2410.11772, <c>ist.py</c>): with rewards r_k = exp(-loss_k), their mean rbar, and p = sigmoid(I)
/// as it was before the event, each layer i of each candidate set S_k gets I_i += mu (r_k - rbar) p_i (1 - p_i). The
/// rewards add up to nothing around their mean, so a layer in every set does not move.
/// </summary>
internal static class ImportanceUpdate
{
    /// <summary>1 / (1 + e^-x), without overflow on either side.</summary>
    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /// <summary>Changes the importance.</summary>
    /// <param name="importance">I, a logit for each layer.</param>
    /// <param name="probabilities">Scratch: p, one for each layer.</param>
    /// <param name="sets">S_k.</param>
    /// <param name="losses">The loss with S_k suppressed, nats per trained token.</param>
    /// <param name="rewards">Receives r_k.</param>
    /// <param name="stepSize">mu.</param>
    public static void Apply(
        Span<double> importance, Span<double> probabilities, int[][] sets, ReadOnlySpan<double> losses, Span<double> rewards, double stepSize)
    {
        double mean = 0;
        for (int k = 0; k < sets.Length; k++)
            mean += rewards[k] = Math.Exp(-losses[k]);
        mean /= sets.Length;
        for (int i = 0; i < importance.Length; i++)
            probabilities[i] = Sigmoid(importance[i]);
        for (int k = 0; k < sets.Length; k++)
        {
            foreach (int i in sets[k])
                importance[i] += stepSize * (rewards[k] - mean) * probabilities[i] * (1 - probabilities[i]);
        }
    }
}
