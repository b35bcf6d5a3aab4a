using System.Collections.Immutable;
using Ist.Generators.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.Tests.Harness;

/// <summary>Applies code fixes as an editor does, to projects with the generator and the analyzer.</summary>
internal static class Fixing
{
    /// <summary>Every code fix that ships.</summary>
    public static ImmutableArray<CodeFixProvider> All { get; } = [.. typeof(TextFixProvider).Assembly.GetTypes()
        .Where(t => !t.IsAbstract && typeof(CodeFixProvider).IsAssignableFrom(t))
        .OrderBy(t => t.Name, StringComparer.Ordinal)
        .Select(t => (CodeFixProvider)Activator.CreateInstance(t)!)];

    /// <summary>
    /// Offers that an editor makes for the one diagnostic of some files, and what the files are after each. Every result must
    /// have neither the diagnostic nor a complaint of the compiler's.
    /// </summary>
    public static async Task<IReadOnlyList<(string Title, string[] Texts)>> Offers(string id, params string[] texts)
    {
        Project project = Open(texts);
        Diagnostic diagnostic = Assert.Single(await Analyze(project));
        Assert.Equal(id, diagnostic.Id);
        Document document = project.Solution.GetDocument(diagnostic.Location.SourceTree)!;
        var actions = new List<CodeAction>();
        foreach (CodeFixProvider provider in All.Where(p => p.FixableDiagnosticIds.Contains(id)))
        {
            await provider.RegisterCodeFixesAsync(new CodeFixContext(
                document, diagnostic, (action, _) => actions.Add(action), TestContext.Current.CancellationToken));
        }
        var offers = new List<(string, string[])>();
        foreach (CodeAction action in actions)
            offers.Add((action.Title, await Apply(action, project.Id)));
        return offers;
    }

    private static async Task<string[]> Apply(CodeAction action, ProjectId id)
    {
        ImmutableArray<CodeActionOperation> operations = await action.GetOperationsAsync(TestContext.Current.CancellationToken);
        Project changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetProject(id)!;
        Assert.Empty(await Analyze(changed));
        var texts = new List<string>();
        foreach (Document document in changed.Documents.Where(d => d.Name.StartsWith("Parts", StringComparison.Ordinal)))
            texts.Add((await document.GetTextAsync(TestContext.Current.CancellationToken)).ToString());
        return [.. texts];
    }

    private static Project Open(string[] texts)
    {
        CSharpCompilation like = Compilations.Of();
        Project project = new AdhocWorkspace().AddProject("Sample", LanguageNames.CSharp)
            .WithMetadataReferences(like.References)
            .WithCompilationOptions(like.Options)
            .WithParseOptions(Compilations.ParseOptions);
        foreach (SyntaxTree tree in like.SyntaxTrees)
            project = project.AddDocument(tree.FilePath, tree.ToString()).Project;
        for (int i = 0; i < texts.Length; i++)
            project = project.AddDocument($"Parts{i}.cs", SourceText.From(texts[i])).Project;
        return project;
    }

    /// <summary>The analyzer's diagnostics; without any, the compiler may have none either.</summary>
    private static async Task<ImmutableArray<Diagnostic>> Analyze(Project project)
    {
        Compilation declarations = (await project.GetCompilationAsync(TestContext.Current.CancellationToken))!;
        (Compilation compilation, ImmutableArray<Diagnostic> found) = await Squiggle.Analyze(declarations);
        if (found.IsEmpty)
            Assert.Empty(compilation.Complaints());
        return found;
    }
}
