using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Variables of inline PTX become registers, as ILGPU writes them.</summary>
public sealed class LocalVariablesTests
{
    private const string Kernel = """
        .visible .entry Kernel()
        {
        	.local .align 4 .b8 __local_depot0[4];
        	.local .align 8 .b8 __local_depot1[8];
        	.local .align 4 .b8 array[64];

        	.reg .b32	%r<39>;
        	.reg .b64	%rd<37>;

        	mov.b64	%rd6, __local_depot0;
        	mov.b64	%rd7, __local_depot1;
        	mov.b64	%rd8, array;
        	st.local.f32	[%rd6], 0f00000000;
        	ld.local.b32	%r4, [%rd6];
        	st.local.b64	[%rd7], %rd2;
        	ld.local.b64	%rd3, [%rd7];
        	st.local.b32	[%rd8], %r4;
        }
        """;

    [Fact]
    public void Numbers_are_registers_and_arrays_stay_where_they_are() => Assert.Equal(
        """
        .visible .entry Kernel()
        {
        	.reg .b32 __local_depot0;
        	.reg .b64 __local_depot1;
        	.local .align 4 .b8 array[64];

        	.reg .b32	%r<39>;
        	.reg .b64	%rd<37>;

        	mov.b64	%rd8, array;
        	mov.f32 __local_depot0, 0f00000000;
        	mov.b32 %r4, __local_depot0;
        	mov.b64 __local_depot1, %rd2;
        	mov.b64 %rd3, __local_depot1;
        	st.local.b32	[%rd8], %r4;
        }
        """,
        LocalVariables.ToRegisters(Kernel));

    [Fact]
    public void An_address_that_is_kept_is_refused()
    {
        var e = Assert.Throws<NotSupportedException>(() => LocalVariables.ToRegisters(Kernel.Replace("%rd2;", "%rd6;", StringComparison.Ordinal)));
        Assert.Equal("The address of the local variable __local_depot0 is kept; a kernel may only pass variables to inline PTX.", e.Message);
    }
}
