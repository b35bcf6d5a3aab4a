using Ist.Runtime.Numerics;

namespace Ist.Runtime.Tests.Numerics;

public sealed class PhiloxTests
{
    /// <summary>Known answers of Random123, <c>tests/kat_vectors</c>, philox4x32 with 10 rounds.</summary>
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x299f31d0a4093822UL, 0x0370734413198a2eUL, 0x85a308d3243f6a88UL, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Known_answers(ulong key, ulong counterHigh, ulong counterLow, uint a, uint b, uint c, uint d)
    {
        Span<uint> block = stackalloc uint[4];

        Philox.Block(key, counterHigh, counterLow, block);

        Assert.Equal([a, b, c, d], block);
    }

    [Fact]
    public void Uniform_numbers_fill_the_interval_from_0_to_below_1()
    {
        Assert.Equal(0.0, Uniform.Double(0, 0));
        Assert.Equal(1 - Math.ScaleB(1, -53), Uniform.Double(uint.MaxValue, uint.MaxValue));
        Assert.Equal(0.5, Uniform.Double(0x80000000, 0));
    }
}
