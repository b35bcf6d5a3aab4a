using System.Collections.Immutable;

namespace Ist.Generators.Diagnostics;

/// <summary>What a diagnostic tells a code fix beside its message: the properties of the diagnostic.</summary>
internal static class FixHints
{
    /// <summary>The names that [From] should have, with commas between them.</summary>
    public const string Sources = nameof(Sources);

    /// <summary>The name that was probably meant.</summary>
    public const string Nearest = nameof(Nearest);

    /// <summary>The member of which nothing is read.</summary>
    public const string Unread = nameof(Unread);

    /// <summary>The modifiers or keyword that a declaration should have.</summary>
    public const string Modifiers = nameof(Modifiers);

    /// <summary>One hint, or none where its value is null.</summary>
    public static ImmutableDictionary<string, string?> Of(string key, string? value) =>
        value is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(key, value);

    /// <summary>The sources that a member should read.</summary>
    public static ImmutableDictionary<string, string?> ReadFrom(IEnumerable<string>? sources) =>
        Of(Sources, sources is null ? null : string.Join(",", sources));
}
