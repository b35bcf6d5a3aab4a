using System.Text;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>What NVIDIA's assembler makes of every kernel, where it is installed.</summary>
public sealed class KernelAssemblyTests
{
    private const string Known = "11.8", Missing = "needs ptxas of the CUDA toolkit (Debian: nvidia-cuda-toolkit in non-free)";

    private static string SnapshotPath => Path.Combine(SharedFolder.Root, "tests", "Ist.Runtime.Tests", "Gpu", "registers.verified.txt");

    [Fact]
    public void No_kernel_spills_or_has_a_stack_frame_and_register_counts_are_those_of_the_snapshot()
    {
        Assert.SkipWhen(Ptxas.Version is null, Missing);
        var table = new StringBuilder($"# ptxas {Known}: registers of a thread on sm_80 and sm_90, bytes of shared memory\n");
        foreach ((string name, Type job) in GpuKernels.Jobs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            KernelResources older = Ptxas.Assemble(GpuKernels.Ptx(job, 8, 0), "sm_80"), newer = Ptxas.Assemble(GpuKernels.Ptx(job, 9, 0), "sm_90");
            Assert.Equal((name, 0, 0, 0, 0), (name, older.Frame, older.Spills, newer.Frame, newer.Spills));
            table.Append($"{name} {older.Registers} {newer.Registers} {newer.Shared}\n");
        }
        Assert.SkipWhen(Ptxas.Version != Known, $"No kernel spills. The counts in the snapshot are those of ptxas {Known}, here is {Ptxas.Version}.");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(SnapshotPath, table.ToString());
        Assert.Equal(File.ReadAllText(SnapshotPath), table.ToString());
    }

    [Fact]
    public void A_kernel_that_spills_is_seen()
    {
        Assert.SkipWhen(Ptxas.Version is null, Missing);
        string ptx = GpuKernels.Ptx(GpuKernels.Jobs.Values.Single(job => job.Name == "GpuKeys"), 9, 0);
        int body = ptx.IndexOf("\n{", StringComparison.Ordinal);
        Assert.True(Ptxas.Assemble(ptx.Insert(body, "\n.maxnreg 32"), "sm_90") is { Spills: > 0, Frame: > 0 });
    }
}
