namespace Ist.Testing;

/// <summary>A file that the generator made.</summary>
/// <param name="Name">Part and aspect, such as <c>LlamaMlp.Forward</c>; without the namespace that all parts have in common.</param>
/// <param name="Text">The code.</param>
public sealed record GeneratedFile(string Name, string Text);
