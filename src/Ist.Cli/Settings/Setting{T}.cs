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
    public Setting(string name, string valueName, SettingKind<T> kind, string description) : base(name, new Option<string?>("--" + name)
    {
        Description = description,
        HelpName = valueName.Length == 0 ? null : valueName,
        Arity = kind.IsSwitch ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    })
    {
        _kind = kind;
    }

    /// <summary>Reads a value that was given.</summary>
    /// <exception cref="Runtime.InputException">It is none that the setting may have.</exception>
    public T Read(SettingValue given) => _kind.Read(given);
}
