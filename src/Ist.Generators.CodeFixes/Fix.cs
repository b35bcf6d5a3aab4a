using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.CodeFixes;

/// <summary>One way to mend a declaration.</summary>
/// <param name="Title">What it does, as the editor's menu shows it.</param>
/// <param name="Changes">The text that it changes.</param>
internal sealed record Fix(string Title, params TextChange[] Changes);
