namespace Ist.Runtime.Evaluation;

/// <summary>How many of some rows are right.</summary>
/// <param name="Right">The right ones.</param>
/// <param name="Of">All of them; more than 0.</param>
public readonly record struct Share(long Right, long Of)
{
    /// <summary>p = right / all.</summary>
    public double Value => (double)Right / Of;

    /// <summary>The standard error of a binomial share: sqrt(p (1 - p) / n). (lm-evaluation-harness divides by n - 1.)</summary>
    public double StandardError => Math.Sqrt(Value * (1 - Value) / Of);
}
