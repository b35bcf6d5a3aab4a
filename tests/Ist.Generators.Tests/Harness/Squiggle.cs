using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.Tests.Harness;

/// <summary>Runs the analyzer as a compiler does, after the generator, over code in which <c>[|…|]</c> marks the place of the error.</summary>
internal static class Squiggle
{
    /// <summary>The one diagnostic, which must stand exactly at the mark.</summary>
    public static async Task<Diagnostic> Single(string id, params string[] marked)
    {
        (string Path, string Text)[] files = [.. marked.Select((text, i) => ($"Parts{i}.cs", Compilations.Usings + text))];
        int at = Array.FindIndex(files, f => f.Text.Contains("[|", StringComparison.Ordinal));
        int start = files[at].Text.IndexOf("[|", StringComparison.Ordinal), end = files[at].Text.IndexOf("|]", StringComparison.Ordinal) - 2;
        files[at].Text = files[at].Text.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);

        (Compilation compilation, ImmutableArray<Diagnostic> found) = await Analyze(Compilations.Of(files));

        Diagnostic diagnostic = Assert.Single(found);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(files[at].Path, diagnostic.Location.SourceTree!.FilePath);
        Assert.Equal(TextSpan.FromBounds(start, end), diagnostic.Location.SourceSpan);
        if (id is not ("IST001" or "IST009" or "IST018" or "IST019" or "IST020"))
            Assert.Empty(compilation.Complaints()); // The stubs keep the compiler quiet, so the error stands alone.
        return diagnostic;
    }

    /// <summary>Where the mark of one file stands, once it is taken away.</summary>
    public static TextSpan Mark(string marked)
    {
        string text = Compilations.Usings + marked;
        return TextSpan.FromBounds(text.IndexOf("[|", StringComparison.Ordinal), text.IndexOf("|]", StringComparison.Ordinal) - 2);
    }

    /// <summary>All diagnostics of one file whose mark is taken away.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> All(string marked)
    {
        string text = marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        return (await Analyze(Compilations.OfParts(text))).Found;
    }

    /// <summary>The compilation after the generator ran, and what the analyzer says of it.</summary>
    public static async Task<(Compilation Compilation, ImmutableArray<Diagnostic> Found)> Analyze(Compilation declarations)
    {
        Compilations.Driver().RunGeneratorsAndUpdateCompilation(declarations, out Compilation compilation, out _);
        ImmutableArray<Diagnostic> found = await compilation
            .WithAnalyzers([new PartAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return (compilation, found);
    }
}
