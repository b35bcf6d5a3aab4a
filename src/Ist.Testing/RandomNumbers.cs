namespace Ist.Testing;

/// <summary>Normal numbers that a seed and a stream decide.</summary>
internal static class RandomNumbers
{
    /// <summary>Fills values with mean 0.</summary>
    public static void Fill(Span<float> values, ulong seed, ulong stream, double deviation = 1)
    {
        var random = new Random(unchecked((int)(seed * 0x9E3779B97F4A7C15 >> 33) ^ (int)(stream * 0xC2B2AE3D27D4EB4F >> 33)));
        foreach (ref float value in values)
        {
            // Box and Muller.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            value = (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
    }
}
