using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Every kernel for a GPU, and its PTX; no card is needed.</summary>
internal static class GpuKernels
{
    /// <summary>The jobs by their names.</summary>
    public static IReadOnlyDictionary<string, Type> Jobs { get; } = Structs(typeof(IGpuJob))
        .SelectMany(job => job.IsGenericTypeDefinition ? Structs(typeof(ILaneFunction)).Select(function => job.MakeGenericType(function)) : [job])
        .ToDictionary(type => type.ToString());

    /// <summary>What ILGPU makes of a job for cards of a compute capability.</summary>
    public static string Ptx(Type job, int major, int minor)
    {
        using var context = Context.Create(builder => builder.CPU().Optimize(OptimizationLevel.O2));
        var architecture = new CudaArchitecture(major, minor);
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_78, null);
        return KernelCompiler.Compile(backend, job).PTXAssembly;
    }

    private static IEnumerable<Type> Structs(Type kind) => kind.Assembly.GetTypes().Where(type => type.IsValueType && kind.IsAssignableFrom(type));
}
