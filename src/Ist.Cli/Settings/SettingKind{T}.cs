using System.Diagnostics.CodeAnalysis;
using Ist.Runtime;

namespace Ist.Cli.Settings;

/// <summary>The values that a setting may have.</summary>
/// <param name="expected">Them in words, for messages.</param>
/// <param name="isSwitch">Whether its name alone, on the command line, means true.</param>
/// <param name="parse">Reads a value that was given; false when it is none of them.</param>
internal sealed class SettingKind<T>(string expected, bool isSwitch, SettingKind<T>.Parser parse)
{
    /// <summary>Reads a value that was given; false when it is none of the kind.</summary>
    public delegate bool Parser(SettingValue given, [MaybeNullWhen(false)] out T value);

    /// <summary>Whether its name alone, on the command line, means true.</summary>
    public bool IsSwitch { get; } = isSwitch;

    /// <summary>Reads a value that was given.</summary>
    /// <exception cref="InputException">It is none of the kind.</exception>
    public T Read(SettingValue given) =>
        parse(given, out T? value) ? value : throw new InputException($"{given.Origin} is {given.Shown}; expected {expected}.");
}
