namespace Ist.Runtime.Tests.Gpu;

/// <summary>What ILGPU makes of every kernel, for each kind of card; no card is needed.</summary>
public sealed class KernelCodeTests
{
    public static TheoryData<string> Kernels => [.. GpuKernels.Jobs.Keys];

    /// <summary>An array or a variable by address would lie in slow memory, and a generic access costs a look at every address.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_compiles_for_every_card_without_local_memory(string name)
    {
        foreach ((int major, int minor) in new[] { (7, 5), (8, 0), (9, 0) })
        {
            string ptx = GpuKernels.Ptx(GpuKernels.Jobs[name], major, minor);

            Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\b(ld|st)\.(v[24]\.)?[bfsu]\d", ptx);
            Assert.DoesNotContain("call", ptx, StringComparison.Ordinal);
            Assert.DoesNotContain("atom", ptx, StringComparison.Ordinal);
            Assert.DoesNotContain("bra.uni", ptx, StringComparison.Ordinal);
        }
    }
}
