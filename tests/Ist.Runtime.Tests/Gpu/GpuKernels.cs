using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Every kernel for a GPU, and its PTX; no card is needed.</summary>
internal static class GpuKernels
{
    private static readonly Type[] _structs = [.. typeof(IGpuJob).Assembly.GetTypes().Where(type => type.IsValueType)];

    /// <summary>The jobs by their names; generic ones with every struct that a parameter may be.</summary>
    public static IReadOnlyDictionary<string, Type> Jobs { get; } =
        _structs.Where(typeof(IGpuJob).IsAssignableFrom).SelectMany(Closed).ToDictionary(job => job.ToString());

    /// <summary>What ILGPU makes of a job for cards of a compute capability.</summary>
    public static string Ptx(Type job, int major, int minor)
    {
        using var context = Context.Create(builder => builder.CPU().Optimize(OptimizationLevel.O2));
        var architecture = new CudaArchitecture(major, minor);
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_78, null);
        return KernelCompiler.Compile(backend, job).PTXAssembly;
    }

    private static IEnumerable<Type> Closed(Type type)
    {
        if (!type.IsGenericTypeDefinition)
            return [type];
        IEnumerable<Type[]> arguments = [[]];
        foreach (Type parameter in type.GetGenericArguments())
        {
            Type contract = parameter.GetGenericParameterConstraints().Single(constraint => constraint.IsInterface);
            Type[] fitting = [.. _structs.Where(candidate => candidate.GetInterfaces().Any(given => Definition(given) == Definition(contract))).SelectMany(Closed)];
            arguments = [.. arguments.SelectMany(given => fitting, (given, next) => (Type[])[.. given, next])];
        }
        return arguments.Any() ? arguments.Select(type.MakeGenericType) : throw new InvalidOperationException($"No struct fits {type.Name}.");
    }

    // A contract of the struct's own type is known by its definition.
    private static Type Definition(Type contract) => contract.IsGenericType ? contract.GetGenericTypeDefinition() : contract;
}
