namespace Ist.Runtime.Tests.Layers;

/// <summary>Random numbers, and how near results must be.</summary>
internal static class Numbers
{
    public static void Fill(Span<float> to, int seed, float size)
    {
        var random = new Random(seed);
        foreach (ref float value in to)
            value = size * (random.NextSingle() * 2 - 1);
    }

    public static double[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() * 2 - 1)];
    }

    public static double[] Doubles(ReadOnlySpan<float> values)
    {
        double[] doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
            doubles[i] = values[i];
        return doubles;
    }

    /// <summary>Fails unless every entry is within a tolerance, in relation to the largest expected one; names the worst.</summary>
    public static void Near(double tolerance, double[] expected, double[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Select(Math.Abs).DefaultIfEmpty().Max(), worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            // What is the same may be infinite or no number; else NaN is worse than all that comes after it.
            double distance = expected[i].Equals(actual[i]) ? 0 : Math.Abs(expected[i] - actual[i]);
            if (!double.IsNaN(worst) && !(distance <= worst))
                (worst, at) = (distance, i);
        }
        Assert.True(
            worst <= tolerance * largest,
            $"{what}[{at}] is {actual.ElementAtOrDefault(at):R}, expected {expected.ElementAtOrDefault(at):R}: {worst / largest:E2} of the largest entry, allowed {tolerance:E2}");
    }

    public static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
