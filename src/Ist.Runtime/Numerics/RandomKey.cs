namespace Ist.Runtime.Numerics;

/// <summary>Makes the keys of <see cref="Philox"/> from a run's seed.</summary>
internal static class RandomKey
{
    // 2^64 / golden ratio: multiples of it lie far apart, so that the keys of near seeds differ in many bits.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>The key of one use.</summary>
    public static ulong For(ulong seed, RandomUse use) => unchecked(seed ^ (ulong)use * Spread);
}
