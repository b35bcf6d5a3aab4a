using Ist.Runtime;
using Ist.Runtime.Devices;

namespace Ist.GpuBench;

/// <summary>The command line: <c>ist-gpu-bench [--profile] [--tiny | 1b 7b] [fp32 tf32 bf16]</c>; what is left out is measured whole.</summary>
/// <param name="Shapes">The shapes to measure.</param>
/// <param name="Precisions">The precisions to measure them in.</param>
/// <param name="Profiles">Whether a step of each kind is profiled too.</param>
internal sealed record BenchOptions(IReadOnlyList<BenchShape> Shapes, IReadOnlyList<Precision> Precisions, bool Profiles)
{
    private const string Profile = "--profile";

    /// <summary>Whether it is a device for tests that computes.</summary>
    public bool IsTiny => Shapes[0] == BenchShape.Tiny;

    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">A name is unknown.</exception>
    public static BenchOptions Of(IReadOnlyCollection<string> arguments)
    {
        Precision[] all = Enum.GetValues<Precision>(), precisions = [.. all.Where(precision => arguments.Contains(precision.ToName()))];
        return new BenchOptions(
            BenchShape.Of([.. arguments.Where(argument => argument != Profile && !all.Any(precision => precision.ToName() == argument))]),
            precisions is [] ? all : precisions, arguments.Contains(Profile));
    }
}
