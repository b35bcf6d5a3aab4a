namespace Ist.Cli.Settings;

/// <summary>A setting's value as it was given.</summary>
/// <param name="Origin">What gave it, for messages: <c>--rank</c>, or <c>run.yaml: line 3: 'rank'</c>.</param>
/// <param name="Kind">What it looked like; the common kind of a list's items.</param>
/// <param name="Texts">Its text, or those of a list's items.</param>
/// <param name="IsList">Whether it was written as a list.</param>
internal sealed record SettingValue(string Origin, ScalarKind Kind, IReadOnlyList<string> Texts, bool IsList)
{
    /// <summary>The value as messages show it.</summary>
    public string Shown => IsList ? $"[{string.Join(", ", Texts)}]" : Kind is ScalarKind.Number or ScalarKind.Boolean ? Texts[0] : $"'{Texts[0]}'";
}
