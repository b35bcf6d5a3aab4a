namespace Ist.Runtime.Numerics;

/// <summary>
/// Philox4x32-10 (Salmon et al., SC 2011): a counter-based generator. Block n of a key is a function of (key, n), so nothing
/// has to be stored for a run to be repeated or resumed.
/// </summary>
public static class Philox
{
    /// <summary>Four random words.</summary>
    /// <param name="key">The stream.</param>
    /// <param name="counterHigh">The upper half of the block's number.</param>
    /// <param name="counterLow">The lower half.</param>
    /// <param name="block">Receives four words.</param>
    public static void Block(ulong key, ulong counterHigh, ulong counterLow, Span<uint> block)
    {
        uint c0 = (uint)counterLow, c1 = (uint)(counterLow >> 32), c2 = (uint)counterHigh, c3 = (uint)(counterHigh >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong a = 0xD2511F53UL * c0, b = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        block[0] = c0;
        block[1] = c1;
        block[2] = c2;
        block[3] = c3;
    }
}
