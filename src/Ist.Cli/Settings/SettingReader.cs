using System.CommandLine;
using System.CommandLine.Parsing;
using Ist.Runtime;

namespace Ist.Cli.Settings;

/// <summary>The settings that were given: the command line's, and below them those of a file.</summary>
internal sealed class SettingReader
{
    private readonly ParseResult _parsed;
    private readonly RunFile? _file;
    private readonly HashSet<Setting> _overruled = [];

    /// <summary>Checks what was given.</summary>
    /// <param name="settings">The settings of the command.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="file">The file, where there is one.</param>
    /// <exception cref="InputException">A value is none that its setting may have.</exception>
    public SettingReader(IReadOnlyList<Setting> settings, ParseResult parsed, RunFile? file = null)
    {
        _parsed = parsed;
        _file = file;
        foreach (Setting setting in settings)
        {
            if (Find(setting) is { } given)
                setting.Check(given);
        }
    }

    /// <summary>The setting's value, or the default where none was given.</summary>
    public T Get<T>(Setting<T> setting, T fallback) => Find(setting) is { } given ? setting.Read(given) : fallback;

    /// <summary>The setting's text, or null where none was given.</summary>
    public string? GetOrNull(Setting<string> setting) => Find(setting) is { } given ? setting.Read(given) : null;

    /// <summary>The setting's value, or null where none was given.</summary>
    public T? GetOrNull<T>(Setting<T> setting) where T : struct => Find(setting) is { } given ? setting.Read(given) : null;

    /// <summary>The setting's value.</summary>
    /// <exception cref="InputException">None was given.</exception>
    public T Require<T>(Setting<T> setting) => Find(setting) is { } given
        ? setting.Read(given)
        : throw new InputException($"--{setting.Name} is missing: {Lowered(setting.Option.Description!)}"
            + (_file is null ? "" : $" (or give the key '{setting.Key}' in {_file.Path})"));

    /// <summary>What gave the setting its value.</summary>
    public SettingSource SourceOf(Setting setting) => Find(setting) is null ? SettingSource.Default
        : IsOnCommandLine(setting) ? SettingSource.CommandLine : SettingSource.File;

    /// <summary>Refuses two settings that exclude each other, unless the command line overrules the file's.</summary>
    /// <exception cref="InputException">Both were given in one place.</exception>
    public void Exclude(Setting one, Setting other)
    {
        (SettingSource first, SettingSource second) = (SourceOf(one), SourceOf(other));
        if (first == SettingSource.Default || second == SettingSource.Default)
            return;
        if (first == second)
            throw new InputException($"{Find(one)!.Origin} and {Find(other)!.Origin} exclude each other; give one of them.");
        _overruled.Add(first < second ? one : other);
    }

    /// <summary>Refuses a setting that means nothing with the value that another one has, unless that one overrules it.</summary>
    /// <exception cref="InputException">It was given where, or above where, the other one was.</exception>
    public void RequireUnused(Setting setting, Setting because, string explanation)
    {
        SettingSource source = SourceOf(setting);
        if (source == SettingSource.Default)
            return;
        if (source >= SourceOf(because))
            throw new InputException($"{Find(setting)!.Origin} {explanation}");
        _overruled.Add(setting);
    }

    /// <summary>The value as it was given, or null.</summary>
    public SettingValue? Find(Setting setting)
    {
        if (IsOnCommandLine(setting))
        {
            IReadOnlyList<Token> tokens = _parsed.GetResult(setting.Option)!.Tokens;
            return new SettingValue("--" + setting.Name, ScalarKind.Any, [tokens.Count == 0 ? "true" : tokens[0].Value], IsList: false);
        }
        return _overruled.Contains(setting) ? null : _file?.Find(setting);
    }

    private bool IsOnCommandLine(Setting setting) => _parsed.GetResult(setting.Option) is { Implicit: false };

    private static string Lowered(string description)
    {
        string first = description.Split(';', '(')[0].TrimEnd('.', ' ');
        return char.ToLowerInvariant(first[0]) + first[1..];
    }
}
