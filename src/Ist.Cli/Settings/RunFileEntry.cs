namespace Ist.Cli.Settings;

/// <summary>A key of a run's file and what stands behind it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Kind">What the value looks like.</param>
/// <param name="Texts">The value's text, or those of a list's items; null for null.</param>
/// <param name="IsList">Whether it is a list.</param>
internal readonly record struct RunFileEntry(string Key, int Line, ScalarKind Kind, IReadOnlyList<string>? Texts, bool IsList);
