using Ist.Runtime;

namespace Ist.GpuBench;

/// <summary>The command line: <c>ist-gpu-bench [--profile] [--tiny | 1b 7b]</c>.</summary>
/// <param name="Shapes">The shapes to measure.</param>
/// <param name="Profiles">Whether a step of each kind is profiled too.</param>
internal sealed record BenchOptions(IReadOnlyList<BenchShape> Shapes, bool Profiles)
{
    private const string Profile = "--profile";

    /// <summary>Whether it is a device for tests that computes.</summary>
    public bool IsTiny => Shapes[0] == BenchShape.Tiny;

    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">A shape is unknown.</exception>
    public static BenchOptions Of(IEnumerable<string> arguments) =>
        new(BenchShape.Of([.. arguments.Where(argument => argument != Profile)]), arguments.Contains(Profile));
}
