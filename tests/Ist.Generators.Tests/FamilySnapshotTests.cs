using System.Collections.Immutable;
using Ist.Generators.Tests.Harness;
using Ist.TestSupport;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Tests;

/// <summary>The code emitted for each model family is what snapshots/ holds, compiles, and is not made again without need.</summary>
public sealed class FamilySnapshotTests
{
    public static TheoryData<string> Families => [.. Directory.GetDirectories(Path.Combine(SharedFolder.Root, "snapshots")).Select(d => Path.GetFileName(d)!)];

    [Theory]
    [MemberData(nameof(Families))]
    public void Emitted_code_is_the_snapshot(string family)
    {
        GeneratorDriver driver = Compilations.Driver().RunGenerators(Declarations(family), TestContext.Current.CancellationToken);

        ImmutableArray<GeneratedSourceResult> sources = driver.GetRunResult().Results.Single().GeneratedSources;
        string[] names = [.. sources.Select(s => s.HintName["Ist.Models.".Length..^".g.cs".Length])];
        foreach ((string name, GeneratedSourceResult source) in names.Zip(sources))
            Snapshot.Check(family, name, source.SourceText.ToString());
        Assert.Equal(names.Order(StringComparer.Ordinal), Snapshot.Names(family));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Emitted_code_compiles_without_warnings(string family)
    {
        Compilations.Driver().RunGeneratorsAndUpdateCompilation(
            Declarations(family), out Compilation compilation, out ImmutableArray<Diagnostic> diagnostics, TestContext.Current.CancellationToken);

        Assert.Empty(diagnostics);
        Assert.Empty(compilation.Complaints());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_second_run_is_served_from_the_cache(string family)
    {
        Compilation declarations = Declarations(family);
        GeneratorDriver driver = Compilations.Driver().RunGenerators(declarations, TestContext.Current.CancellationToken);
        Caching.HoldsNoCompilation(driver, PartGenerator.ReadStep);

        driver = driver.RunGenerators(declarations.Clone(), TestContext.Current.CancellationToken);

        Assert.All(driver.OutputReasons(), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    private static Compilation Declarations(string family) => Compilations.Of(
        [.. Directory.GetFiles(Path.Combine(SharedFolder.Root, "src", "Ist.Models", family), $"{family}*.cs")
            .Select(f => (Path.GetFileName(f), Text: File.ReadAllText(f)))
            .Where(f => f.Text.Contains("partial class", StringComparison.Ordinal))]);
}
