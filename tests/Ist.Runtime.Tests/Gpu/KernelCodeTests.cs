using System.Reflection;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>What ILGPU makes of every kernel, for each kind of card; no card is needed.</summary>
public sealed class KernelCodeTests
{
    private static readonly Type[] _structs = [.. typeof(IGpuJob).Assembly.GetTypes().Where(type => type.IsValueType)];

    public static TheoryData<string> Kernels => [.. Jobs.Select(job => job.ToString())];

    private static IEnumerable<Type> Jobs => _structs.Where(typeof(IGpuJob).IsAssignableFrom).SelectMany(Closed);

    /// <summary>An array or a variable by address would lie in slow memory, and a generic access costs a look at every address.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_kernel_compiles_for_every_card_without_local_memory(string name)
    {
        Type job = Jobs.Single(type => type.ToString() == name);
        int oldest = job.GetCustomAttribute<NeedsCapabilityAttribute>()?.Major ?? 0;
        // From 8.0 on ILGPU writes the same for all cards, and it takes its time over the largest kernels.
        foreach ((int major, int minor) in oldest == 0 ? new[] { (7, 5), (8, 0), (9, 0) } : [(7, 5), (8, 0)])
        {
            using var context = Context.Create(builder => builder.CPU().Optimize(OptimizationLevel.O2));
            var architecture = new CudaArchitecture(major, minor);
            using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_78, null);
            if (major < oldest)
            {
                Assert.Throws<NotSupportedException>(() => KernelCompiler.Compile(backend, job));
                continue;
            }
            string ptx = KernelCompiler.Compile(backend, job).PTXAssembly;

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

    // A generic job with all structs that its parameters may be.
    private static IEnumerable<Type> Closed(Type job)
    {
        if (!job.IsGenericTypeDefinition)
            return [job];
        IEnumerable<Type[]> arguments = [[]];
        foreach (Type parameter in job.GetGenericArguments())
        {
            Type contract = parameter.GetGenericParameterConstraints().Single(constraint => constraint.IsInterface);
            arguments = [.. arguments.SelectMany(given => _structs.Where(contract.IsAssignableFrom), (given, next) => (Type[])[.. given, next])];
        }
        return arguments.Select(job.MakeGenericType);
    }
}
