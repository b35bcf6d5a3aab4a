using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Tests.Harness;

/// <summary>What incremental caching needs: reruns that do nothing, and models that hold no part of a compilation.</summary>
internal static class Caching
{
    /// <summary>Why each value of a named step ran in the driver's last run.</summary>
    public static IReadOnlyList<IncrementalStepRunReason> Reasons(this GeneratorDriver driver, string step) =>
        [.. driver.GetRunResult().Results.Single().TrackedSteps[step].SelectMany(s => s.Outputs).Select(o => o.Reason)];

    /// <summary>Why each emitted part ran in the driver's last run.</summary>
    public static IReadOnlyList<IncrementalStepRunReason> OutputReasons(this GeneratorDriver driver) =>
        [.. driver.GetRunResult().Results.Single().TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs).Select(o => o.Reason)];

    /// <summary>Fails if a value of a named step reaches a symbol, a syntax node or a location, which would keep a compilation alive.</summary>
    public static void HoldsNoCompilation(GeneratorDriver driver, string step)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach ((object value, _) in driver.GetRunResult().Results.Single().TrackedSteps[step].SelectMany(s => s.Outputs))
            Visit(value, step, seen);
    }

    private static void Visit(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
            return;
        Assert.False(value is ISymbol or SyntaxNode or SyntaxTree or Location or Compilation, $"{path} holds a {value.GetType().Name}");
        if (value is IEnumerable items)
        {
            foreach (object? item in items)
                Visit(item, path + "[]", seen);
            return;
        }
        foreach (FieldInfo field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
            Visit(field.GetValue(value), $"{path}.{field.Name}", seen);
    }
}
