using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>Makes the PTX of kernels.</summary>
internal static class KernelCompiler
{
    private static readonly MethodInfo _execute = typeof(KernelCompiler).GetMethod(nameof(Execute), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>Compiles the kernel of a job.</summary>
    /// <param name="backend">Of a card.</param>
    /// <param name="job">The job's type.</param>
    /// <exception cref="NotSupportedException">The kernel has instructions that the card lacks.</exception>
    /// <remarks>
    /// ILGPU 1.5.3 takes a value that only constants flow into for the same in all threads, also where threads that went different ways chose
    /// between them, and calls branches by it uniform; what a card does then is undefined. The driver's own compiler finds out by itself
    /// which branches are, so they are never called so.
    /// </remarks>
    public static PTXCompiledKernel Compile(PTXBackend backend, Type job)
    {
        if (job.GetCustomAttribute<NeedsCapabilityAttribute>() is { } needs && backend.Architecture.Major < needs.Major)
            throw new NotSupportedException($"{job.Name} needs compute capability {needs.Major}.0 or newer.");
        EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(_execute.MakeGenericMethod(job));
        var kernel = (PTXCompiledKernel)backend.Compile(entry, new KernelSpecialization());
        ref string text = ref Text(kernel);
        text = TensorCore.Declared(PowersOfTwo.ToShifts(LocalVariables.ToRegisters(text.Replace("bra.uni", "bra", StringComparison.Ordinal))));
        return kernel;
    }

    private static void Execute<TJob>(TJob job) where TJob : struct, IGpuJob => job.Execute();

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<PTXAssembly>k__BackingField")]
    private static extern ref string Text(PTXCompiledKernel kernel);
}
