using System.Collections.Immutable;
using Ist.Generators.Tests.Harness;
using Ist.Testing;
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
        GeneratorDriver driver = Compilations.Driver().RunGenerators(Declarations(), TestContext.Current.CancellationToken);

        HashSet<string> parts = [.. Directory.GetFiles(Folder(family), "*.cs").Select(f => Path.GetFileNameWithoutExtension(f))];
        Snapshot.CheckAll(Path.Combine(SharedFolder.Root, "snapshots", family), [.. driver.GetRunResult().Results.Single().GeneratedSources
            .Select(s => new GeneratedFile(s.HintName["Ist.Models.".Length..^".g.cs".Length], s.SourceText.ToString()))
            .Where(s => parts.Contains(s.Name[..s.Name.IndexOf('.')]))]);
    }

    [Fact]
    public void Emitted_code_compiles_without_warnings()
    {
        Compilations.Driver().RunGeneratorsAndUpdateCompilation(
            Declarations(), out Compilation compilation, out ImmutableArray<Diagnostic> diagnostics, TestContext.Current.CancellationToken);

        Assert.Empty(diagnostics);
        Assert.Empty(compilation.Complaints());
    }

    [Fact]
    public void A_second_run_is_served_from_the_cache()
    {
        Compilation declarations = Declarations();
        GeneratorDriver driver = Compilations.Driver().RunGenerators(declarations, TestContext.Current.CancellationToken);
        Caching.HoldsNoCompilation(driver, PartGenerator.ReadStep);

        driver = driver.RunGenerators(declarations.Clone(), TestContext.Current.CancellationToken);

        Assert.All(driver.OutputReasons(), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    private static string Folder(string family) => Path.Combine(SharedFolder.Root, "src", "Ist.Models", family);

    // All families together: they share parts.
    private static Compilation Declarations() => Compilations.Of(
        [.. Families.SelectMany(family => Directory.GetFiles(Folder(family.Data), $"{family.Data}*.cs"))
            .Select(f => (Path.GetFileName(f), Text: File.ReadAllText(f)))
            .Where(f => f.Text.Contains("partial class", StringComparison.Ordinal))]);
}
