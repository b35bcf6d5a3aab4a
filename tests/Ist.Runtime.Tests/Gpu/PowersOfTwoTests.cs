using Ist.Ptx;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Divisions by powers of two that became shifts give what divisions give.</summary>
public sealed class PowersOfTwoTests
{
    private static readonly int[] _numbers = [0, 1, 7, 8, 9, 100, int.MaxValue, -1, -7, -8, -9, int.MinValue + 1, int.MinValue];

    [Theory]
    [InlineData("s32", 8)]
    [InlineData("s32", 1)]
    [InlineData("u32", 16)]
    [InlineData("s32", 12)]
    public void Quotients_and_remainders_of_32_bits_are_those_of_divisions(string type, int divisor)
    {
        string ptx = $$"""
            .version 7.8
            .target sm_80
            .address_size 64
            .visible .entry Kernel(.param .b64 to, .param .b32 from)
            {

            	.reg .b32	%r<4>;
            	.reg .b64	%rd<2>;
            	ld.param.b64	%rd1, [to];
            	ld.param.b32	%r1, [from];
            	div.{{type}}	%r2, %r1, {{divisor}};
            	rem.{{type}}	%r3, %r1, {{divisor}};
            	st.global.b32	[%rd1], %r2;
            	st.global.b32	[%rd1+4], %r3;
            	ret;
            }
            """;
        string text = PowersOfTwo.ToShifts(ptx);
        Assert.Equal(divisor == 12, text.Contains("div.", StringComparison.Ordinal));

        var device = new PtxDevice();
        ulong to = device.Allocate(8);
        PtxModule module = device.Load(text);
        foreach (int number in _numbers)
        {
            module.Launch("Kernel", new Index3(1), new Index3(1), [to, number]);
            int[] expected = type == "u32" ? [(int)((uint)number / (uint)divisor), (int)((uint)number % (uint)divisor)] : [number / divisor, number % divisor];
            Assert.Equal((number, expected[0], expected[1]), (number, device.Read<int>(to, 2)[0], device.Read<int>(to, 2)[1]));
        }
    }

    [Theory]
    [InlineData("s64", 4096)]
    [InlineData("u64", 4096)]
    public void Those_of_64_bits_too(string type, long divisor)
    {
        string ptx = $$"""
            .version 7.8
            .target sm_80
            .address_size 64
            .visible .entry Kernel(.param .b64 to, .param .b64 from)
            {

            	.reg .b64	%rd<5>;
            	ld.param.b64	%rd1, [to];
            	ld.param.b64	%rd2, [from];
            	div.{{type}}	%rd3, %rd2, {{divisor}};
            	rem.{{type}}	%rd4, %rd2, {{divisor}};
            	st.global.b64	[%rd1], %rd3;
            	st.global.b64	[%rd1+8], %rd4;
            	ret;
            }
            """;
        var device = new PtxDevice();
        ulong to = device.Allocate(16);
        PtxModule module = device.Load(PowersOfTwo.ToShifts(ptx));
        foreach (long number in (long[])[.. _numbers.Select(number => (long)number << 20 | 5), long.MinValue, long.MaxValue])
        {
            module.Launch("Kernel", new Index3(1), new Index3(1), [to, number]);
            long[] expected = type == "u64" ? [(long)((ulong)number / (ulong)divisor), (long)((ulong)number % (ulong)divisor)] : [number / divisor, number % divisor];
            Assert.Equal((number, expected[0], expected[1]), (number, device.Read<long>(to, 2)[0], device.Read<long>(to, 2)[1]));
        }
    }
}
