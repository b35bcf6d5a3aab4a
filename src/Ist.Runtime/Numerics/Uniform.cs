namespace Ist.Runtime.Numerics;

/// <summary>Numbers uniform in [0, 1) at a place of a random stream.</summary>
internal static class Uniform
{
    /// <summary>A number of 53 random bits.</summary>
    public static double Double(ulong key, ulong counterHigh, ulong counterLow)
    {
        Span<uint> block = stackalloc uint[4];
        Philox.Block(key, counterHigh, counterLow, block);
        return Double(block[0], block[1]);
    }

    /// <summary>The number that two random words make.</summary>
    public static double Double(uint high, uint low) => ((ulong)high << 21 | low >> 11) * (1.0 / (1UL << 53));
}
