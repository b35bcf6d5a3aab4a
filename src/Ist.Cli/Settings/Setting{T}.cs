using System.CommandLine;

namespace Ist.Cli.Settings;

/// <summary>A setting with a type.</summary>
internal sealed class Setting<T> : Setting
{
    private readonly SettingKind<T> _kind;

    /// <summary>Declares a setting.</summary>
    /// <param name="name">Its name on the command line, without the dashes.</param>
    /// <param name="valueName">What stands for its value in the help; empty for a switch.</param>
    /// <param name="kind">The values that it may have.</param>
    /// <param name="description">A line for the help.</param>
    public Setting(string name, string valueName, SettingKind<T> kind, string description)
        : base(name, kind.IsSwitch ? Switch(name, description) : Valued(name, valueName, description)) => _kind = kind;

    /// <summary>Reads a value that was given.</summary>
    /// <exception cref="Runtime.InputException">It is none that the setting may have.</exception>
    public T Read(SettingValue given) => _kind.Read(given);

    /// <inheritdoc/>
    public override void Check(SettingValue given) => Read(given);

    // A switch takes a following word for its value only if that is true or false.
    private static Option<bool> Switch(string name, string description) => new("--" + name) { Description = description };

    private static Option<string?> Valued(string name, string valueName, string description) => new("--" + name)
    {
        Description = description,
        HelpName = valueName,
        Arity = ArgumentArity.ExactlyOne,
    };
}
