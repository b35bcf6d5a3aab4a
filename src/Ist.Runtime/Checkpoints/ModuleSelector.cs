using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// What <c>target_modules</c> and <c>exclude_modules</c> hold: names, each matching the module of that name and every one
/// that ends in <c>.name</c>; or a regular expression for the whole name; or <c>all-linear</c>.
/// Source: peft 0.17 <c>tuners/tuners_utils.py</c>, <c>check_target_module_exists</c>.
/// </summary>
public sealed class ModuleSelector
{
    private readonly string _origin;
    private readonly Regex? _regex;

    private ModuleSelector(ImmutableArray<string> names, string? pattern, string origin)
    {
        Names = names;
        Pattern = pattern;
        _origin = origin;
        // all-linear is no pattern: which modules are linear is known to whoever lists them.
        if (pattern is not null)
            _regex = PythonRegex.Compile(origin, pattern, @"\A(?:", @")\z");
    }

    /// <summary>Every linear module but the output head.</summary>
    public static ModuleSelector AllLinear { get; } = new([], null, "");

    /// <summary>The names, sorted; empty for a pattern and for <see cref="AllLinear"/>.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The regular expression, or null.</summary>
    public string? Pattern { get; }

    /// <summary>Whether modules of the same name in two layers may be told apart: by a pattern, or by a name with a number in it.</summary>
    public bool MayDependOnLayer => Pattern is not null || Names.Any(name => name.Any(char.IsAsciiDigit));

    /// <summary>Selects by names or name endings.</summary>
    public static ModuleSelector OfNames(IEnumerable<string> names) =>
        new([.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], null, "");

    /// <summary>Selects by a regular expression in Python's syntax that must match the whole name.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="origin">Where it stands, for error messages.</param>
    /// <exception cref="InputException">It isn't a valid pattern.</exception>
    public static ModuleSelector OfPattern(string pattern, string origin) => new([], pattern, origin);

    /// <summary>Whether a module, given by its whole name, is selected. <see cref="AllLinear"/> selects every one.</summary>
    /// <exception cref="InputException">The pattern takes too long.</exception>
    public bool Matches(string module) => _regex is not null
        ? PythonRegex.Match(_regex, _origin, module).Success
        : ReferenceEquals(this, AllLinear) || Names.Any(n => Matches(n, module));

    /// <summary>
    /// <see cref="AllLinear"/> as a list, as peft saves it, since other programs that read adapters know only lists: of each selected
    /// module the shortest ending of its name that no other module has. Any other selector as it is.
    /// </summary>
    /// <param name="selected">The whole names of the modules that it selected.</param>
    /// <param name="others">Those of all others that can have an adapter.</param>
    public ModuleSelector WrittenOut(IEnumerable<string> selected, IEnumerable<string> others)
    {
        string[] left = [.. others];
        return ReferenceEquals(this, AllLinear)
            ? OfNames(selected.Select(module => Endings(module).First(ending => ending == module || !left.Any(other => Matches(ending, other)))))
            : this;
    }

    /// <summary>As peft writes it: a list, or a string.</summary>
    internal object ToJsonValue() => ReferenceEquals(this, AllLinear) ? "all-linear" : Pattern ?? (object)Names;

    /// <summary>Whether a name is a module's whole name or its ending after a dot.</summary>
    internal static bool Matches(string name, string module) =>
        module == name
        || (module.EndsWith(name, StringComparison.Ordinal) && module.Length > name.Length && module[^(name.Length + 1)] == '.');

    // From the shortest to the whole name.
    private static IEnumerable<string> Endings(string module)
    {
        for (int dot = module.LastIndexOf('.'); dot > 0; dot = module.LastIndexOf('.', dot - 1))
            yield return module[(dot + 1)..];
        yield return module;
    }
}
