using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>What ILGPU makes of every kernel, for each kind of card; no card is needed.</summary>
public sealed class KernelCodeTests
{
    public static TheoryData<string> Kernels => [.. Jobs.Select(job => job.ToString())];

    private static IEnumerable<Type> Jobs => Structs(typeof(IGpuJob)).SelectMany(
        job => job.IsGenericTypeDefinition ? Structs(typeof(ILaneFunction)).Select(function => job.MakeGenericType(function)) : [job]);

    /// <summary>An array or a variable by address would lie in slow memory, and a generic access costs a look at every address.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_compiles_for_every_card_without_local_memory(string name)
    {
        Type job = Jobs.Single(type => type.ToString() == name);
        foreach ((int major, int minor) in new[] { (7, 5), (8, 0), (9, 0) })
        {
            using var context = Context.Create(builder => builder.CPU().Optimize(OptimizationLevel.O2));
            var architecture = new CudaArchitecture(major, minor);
            using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_78, null);
            string ptx = KernelCompiler.Compile(backend, job).PTXAssembly;

            Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\b(ld|st)\.(v[24]\.)?[bfsu]\d", ptx);
            Assert.DoesNotContain("call", ptx, StringComparison.Ordinal);
            Assert.DoesNotContain("atom", ptx, StringComparison.Ordinal);
            Assert.DoesNotContain("bra.uni", ptx, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<Type> Structs(Type kind) => kind.Assembly.GetTypes().Where(type => type.IsValueType && kind.IsAssignableFrom(type));
}
