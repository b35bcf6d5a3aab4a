namespace Ist.Models.Tests.Golden;

/// <summary>
/// How near a result must be. Logits: four times the distance that PyTorch's own F32 had from F64 (stored with each set), at
/// least 2e-5, since another order of summation moves as much. Gradients: 3e-5 of the tensor's largest entry, or eight times
/// PyTorch's own distance where that is more (rsLoRA, whose scale makes the random adapters large: 9e-6).
/// </summary>
internal static class Tolerance
{
    public const double RelativeLoss = 2e-6;
    public const double Gradient = 3e-5;

    public static double GradientOf(GoldenSet set) => Math.Max(Gradient, 8 * set.Error("grad_worst", "rel"));

    public static double Logits(double measuredError) => Math.Max(2e-5, 4 * measuredError);

    /// <summary>Fails unless all entries are within the tolerance; names the worst.</summary>
    public static void Within(double tolerance, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double distance = Math.Abs(expected[i] - actual[i]);
            if (!(distance <= worst))
                (worst, at) = (distance, i);
        }
        Assert.True(worst <= tolerance, $"{what}[{at}] is {actual[at]:R}, expected {expected[at]:R}: {worst:E2} apart, allowed {tolerance:E2}");
    }

    /// <summary>Fails unless a gradient is near in relation to its largest entry.</summary>
    public static void Near(double relative, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, string what)
    {
        double largest = 0;
        foreach (double value in expected)
            largest = Math.Max(largest, Math.Abs(value));
        Within(relative * largest, expected, actual, what);
    }
}
