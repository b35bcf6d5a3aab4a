using System.Numerics;
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
        string ptx = Check(type, divisor, _numbers, number => type == "u32"
            ? ((int)((uint)number / (uint)divisor), (int)((uint)number % (uint)divisor))
            : (number / divisor, number % divisor));
        Assert.Equal(divisor == 12, ptx.Contains("div.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("s64", 4096)]
    [InlineData("u64", 4096)]
    public void Those_of_64_bits_too(string type, long divisor) =>
        Check(type, divisor, [.. _numbers.Select(number => (long)number << 20 | 5), long.MinValue, long.MaxValue], number => type == "u64"
            ? ((long)((ulong)number / (ulong)divisor), (long)((ulong)number % (ulong)divisor))
            : (number / divisor, number % divisor));

    // Returns the PTX that was executed.
    private static unsafe string Check<T>(string type, T divisor, T[] numbers, Func<T, (T Quotient, T Remainder)> expected) where T : unmanaged, INumber<T>
    {
        string bits = type[1..], ptx = PowersOfTwo.ToShifts($$"""
            .version 7.8
            .target sm_80
            .address_size 64
            .visible .entry Kernel(.param .b64 to, .param .b{{bits}} from)
            {

            	.reg .b{{bits}}	%n<3>;
            	.reg .b64	%rd<1>;
            	ld.param.b64	%rd0, [to];
            	ld.param.b{{bits}}	%n0, [from];
            	div.{{type}}	%n1, %n0, {{divisor}};
            	rem.{{type}}	%n2, %n0, {{divisor}};
            	st.global.b{{bits}}	[%rd0], %n1;
            	st.global.b{{bits}}	[%rd0+{{sizeof(T)}}], %n2;
            	ret;
            }
            """);
        var device = new PtxDevice();
        ulong to = device.Allocate(2 * sizeof(T));
        PtxModule module = device.Load(ptx);
        foreach (T number in numbers)
        {
            module.Launch("Kernel", new Index3(1), new Index3(1), [to, number]);
            T[] actual = device.Read<T>(to, 2);
            Assert.Equal((number, expected(number)), (number, (actual[0], actual[1])));
        }
        return ptx;
    }
}
