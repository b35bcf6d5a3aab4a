using System.Reflection;
using Ist.Runtime.Devices.Gpu;

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
        Type job = GpuKernels.Jobs[name];
        int oldest = job.GetCustomAttribute<NeedsCapabilityAttribute>()?.Major ?? 0;
        // From 8.0 on ILGPU writes the same for all cards, and it takes its time over the largest kernels.
        foreach ((int major, int minor) in oldest == 0 ? new[] { (7, 5), (8, 0), (9, 0) } : [(7, 5), (8, 0)])
        {
            if (major < oldest)
            {
                Assert.Throws<NotSupportedException>(() => GpuKernels.Ptx(job, major, minor));
                continue;
            }
            string ptx = GpuKernels.Ptx(job, major, minor);

            Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\b(ld|st)\.(v[24]\.)?[bfsu]\d", ptx);
            Assert.DoesNotContain("call", ptx, StringComparison.Ordinal);
            Assert.DoesNotContain("atom", ptx, StringComparison.Ordinal);
            Assert.DoesNotContain("bra.uni", ptx, StringComparison.Ordinal);
            // Instructions of newer cards, in kernels that don't say so.
            if (oldest < 8)
                Assert.DoesNotMatch(@"cp\.async|mma\.|bf16|tf32", ptx);
        }
    }
}
