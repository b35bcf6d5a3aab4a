using Basic.Reference.Assemblies;
using BenchmarkDotNet.Attributes;
using Ist.Generators;
using Ist.Runtime.Devices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ist.Benchmarks;

/// <summary>
/// What a keystroke costs in a project that declares all families of Ist.Models: the edited file is parsed, and the generator
/// runs again over a compilation that knows nothing yet of its own symbols, as an editor's does.
/// </summary>
[MemoryDiagnoser, MinColumn, MedianColumn]
public class KeystrokeBenchmarks
{
    private static readonly CSharpParseOptions _parse = new(LanguageVersion.Preview, DocumentationMode.Diagnose);

    private CSharpCompilation _start = null!;
    private GeneratorDriver _driver = null!;
    private int _keystroke;

    /// <summary>Reads the families and runs the generator once.</summary>
    [GlobalSetup]
    public void Setup()
    {
        string folder = Path.Combine(Root(), "src", "Ist.Models");
        const string usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;";
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
        _start = CSharpCompilation.Create(
            "Ist.Models",
            files.Select(f => Parse(f, File.ReadAllText(f))).Append(Parse("Usings.cs", usings)),
            [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(Run).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
        _driver = NewDriver().RunGeneratorsAndUpdateCompilation(_start, out Compilation whole, out _);
        if (whole.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error)
            throw new InvalidOperationException($"The families do not compile: {error}");
        // An editor has been running for a while: the compiler's own code is compiled to the end.
        for (int i = 0; i < 100; i++)
            InsidePart();
    }

    /// <summary>The first run, when a solution is opened.</summary>
    [Benchmark]
    public GeneratorDriver Opening() => NewDriver().RunGenerators(Edited("LoadedModel.cs", "namespace ", "/* {0} */ namespace "));

    /// <summary>In a file without parts.</summary>
    [Benchmark]
    public GeneratorDriver Elsewhere() => _driver.RunGenerators(Edited("LoadedModel.cs", "namespace ", "/* {0} */ namespace "));

    /// <summary>In a comment beside a part.</summary>
    [Benchmark]
    public GeneratorDriver Comment() => _driver.RunGenerators(Edited("LlamaMlp.cs", "[Branch]", "// {0}\n[Branch]"));

    /// <summary>Inside a part, whose code is written anew.</summary>
    [Benchmark]
    public GeneratorDriver InsidePart() => _driver.RunGenerators(Edited("LlamaMlp.cs", "mlp.up_proj", "mlp.up_proj{0}"));

    // Each time another text, so that nothing is known from the time before.
    private CSharpCompilation Edited(string file, string old, string replacement)
    {
        SyntaxTree tree = _start.SyntaxTrees.Single(t => Path.GetFileName(t.FilePath) == file);
        string text = tree.ToString().Replace(old, string.Format(replacement, ++_keystroke), StringComparison.Ordinal);
        return _start.ReplaceSyntaxTree(tree, Parse(tree.FilePath, text));
    }

    private static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, _parse, path);

    private static GeneratorDriver NewDriver() => CSharpGeneratorDriver.Create([new PartGenerator().AsSourceGenerator()], parseOptions: _parse);

    private static string Root()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Ist.Gen.sln")))
                return folder;
        }
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Ist.Gen.sln.");
    }
}
