using System.Collections.Immutable;
using Basic.Reference.Assemblies;
using Ist.Runtime.Devices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ist.Generators.Tests.Harness;

/// <summary>Compilations of declared parts, with the runtime that they are declared against.</summary>
internal static class Compilations
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp13, DocumentationMode.Diagnose);

    private static readonly MetadataReference _runtime = MetadataReference.CreateFromFile(typeof(Run).Assembly.Location);

    /// <summary>The usings that the SDK adds to a project, as a user's project has them.</summary>
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        """;

    /// <summary>The usings of a file that declares parts.</summary>
    public const string Usings = """
        using Ist.Runtime.Declaring;
        using Ist.Runtime.Devices;
        using Ist.Runtime.Layers;
        using Ist.Runtime.Peft;
        using Ist.Runtime.Tensors;
        namespace Sample;

        """;

    public static CSharpCompilation Of(params (string Path, string Text)[] files) => CSharpCompilation.Create(
        "Sample",
        files.Append(("ImplicitUsings.cs", ImplicitUsings)).Select(f => CSharpSyntaxTree.ParseText(f.Item2, ParseOptions, f.Item1)),
        [.. Net100.References.All, _runtime],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>A compilation of one file, with the usual usings before it.</summary>
    public static CSharpCompilation OfParts(string text) => Of(("Parts.cs", Usings + text));

    public static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new PartGenerator().AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Replaces the text of one file.</summary>
    public static Compilation Edit(this Compilation compilation, string path, Func<string, string> edit)
    {
        SyntaxTree old = compilation.SyntaxTrees.Single(t => t.FilePath == path);
        return compilation.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(edit(old.ToString()), ParseOptions, path));
    }

    /// <summary>What the compiler has to say; that the declarations lack comments counts only in emitted code.</summary>
    public static ImmutableArray<Diagnostic> Complaints(this Compilation compilation) =>
        [.. compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && (d.Id != "CS1591" || IsEmitted(d)))];

    private static bool IsEmitted(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;
}
