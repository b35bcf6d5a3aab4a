namespace Ist.Models.Tests.Training;

/// <summary>Spearman's: how far two lists of numbers are in the same order, from -1 to 1.</summary>
internal static class RankCorrelation
{
    /// <summary>1 - 6 sum of d^2 / (n (n^2 - 1)), with d the differences of their ranks.</summary>
    /// <param name="x">n numbers, all different.</param>
    /// <param name="y">As many, all different.</param>
    public static double Of(double[] x, double[] y)
    {
        double n = x.Length, squares = x.Zip(y, (a, b) => Math.Pow(x.Count(other => other < a) - y.Count(other => other < b), 2)).Sum();
        return 1 - 6 * squares / (n * (n * n - 1));
    }
}
