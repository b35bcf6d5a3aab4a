using System.Collections.Immutable;
using Ist.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ist.Testing;

/// <summary>Runs the generator over declarations, as a build does.</summary>
public static class GeneratedParts
{
    private static readonly CSharpParseOptions _parse = new(LanguageVersion.Preview);

    // As the SDK gives them to a project with implicit usings.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>What is generated for the parts that source files declare, sorted by name.</summary>
    /// <param name="paths">The files. They may use what the test's program uses: Ist.Runtime, and any project that it refers to.</param>
    /// <exception cref="TestingException">A declaration has an error; names it.</exception>
    public static IReadOnlyList<GeneratedFile> Of(IEnumerable<string> paths)
    {
        SyntaxTree[] trees = [.. paths.Order(StringComparer.Ordinal).Select(p => CSharpSyntaxTree.ParseText(File.ReadAllText(p), _parse, p)),
            CSharpSyntaxTree.ParseText(ImplicitUsings, _parse)];
        var declarations = CSharpCompilation.Create(
            "Declarations", trees, References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new PartGenerator().AsSourceGenerator()], parseOptions: _parse)
            .RunGeneratorsAndUpdateCompilation(declarations, out Compilation compilation, out _);
        ThrowOnErrors(compilation);
        ImmutableArray<GeneratedSourceResult> sources = driver.GetRunResult().Results.Single().GeneratedSources;
        string[] names = [.. sources.Select(s => s.HintName[..^".g.cs".Length])];
        int common = CommonNamespace(names);
        return [.. sources.Select((s, i) => new GeneratedFile(names[i][common..], s.SourceText.ToString())).OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    private static void ThrowOnErrors(Compilation compilation)
    {
        ImmutableArray<Diagnostic> found = compilation.WithAnalyzers([new PartAnalyzer()]).GetAllDiagnosticsAsync().GetAwaiter().GetResult();
        if (found.Where(d => d.Severity == DiagnosticSeverity.Error).OrderBy(d => !d.Id.StartsWith("IST", StringComparison.Ordinal)).FirstOrDefault() is { } error)
            throw new TestingException(error.ToString());
    }

    // All that the test's program may load; what declares the same names as the files is left out.
    private static IEnumerable<MetadataReference> References() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(path => MetadataReference.CreateFromFile(path));

    /// <summary>The length of the namespace, with its dot, that all names begin with: they end in the part and its aspect.</summary>
    private static int CommonNamespace(string[] names)
    {
        if (names.Length == 0)
            return 0;
        string shortest = names.MinBy(n => n.Count(c => c == '.'))!;
        string[] parts = shortest.Split('.');
        int length = 0;
        foreach (string part in parts.Take(parts.Length - 2))
        {
            int next = length + part.Length + 1;
            if (!names.All(n => n.Length > next && string.CompareOrdinal(n, 0, shortest, 0, next) == 0))
                break;
            length = next;
        }
        return length;
    }
}
