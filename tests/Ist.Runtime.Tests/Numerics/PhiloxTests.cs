using Ist.Runtime.Numerics;

namespace Ist.Runtime.Tests.Numerics;

public sealed class PhiloxTests
{
    // The known answers of Random123 for philox4x32-10.
    [Theory]
    [InlineData(0, 0, 0, new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [InlineData(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88, new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void Blocks_are_the_known_answers(ulong key, ulong high, ulong low, uint[] expected)
    {
        uint[] block = new uint[4];
        Philox.Block(key, high, low, block);
        Assert.Equal(expected, block);
    }

    [Fact]
    public void Uniform_numbers_fill_the_interval_evenly()
    {
        const int count = 100000, bins = 20;
        int[] seen = new int[bins];
        for (int n = 0; n < count; n++)
            seen[(int)(Uniform.Double(RandomKey.For(42, RandomUse.SampledTokens), 7, (ulong)n) * bins)]++;
        double expected = count / (double)bins;
        // 99.9th percentile of chi-squared with 19 degrees of freedom.
        Assert.InRange(seen.Sum(c => (c - expected) * (c - expected) / expected), 0, 43.8);
        Assert.Equal(0, Uniform.Double(0u, 0u));
        Assert.Equal(1 - 1.0 / (1UL << 53), Uniform.Double(uint.MaxValue, uint.MaxValue));
    }
}
