using System.CommandLine;

namespace Ist.Cli.Settings;

/// <summary>Something that the command line, and for some commands a file, may set.</summary>
internal abstract class Setting
{
    private protected Setting(string name, Option option)
    {
        Name = name;
        Option = option;
    }

    /// <summary>Its name on the command line, without the dashes: <c>max-length</c>.</summary>
    public string Name { get; }

    /// <summary>Its key in a file, as Hugging Face would write it: <c>max_length</c>. <see cref="Name"/> is a key too.</summary>
    public string Key => Name.Replace('-', '_');

    /// <summary>Its option.</summary>
    public Option Option { get; }

    /// <summary>Refuses a value that the setting may not have.</summary>
    /// <exception cref="Runtime.InputException">It is such a one.</exception>
    public abstract void Check(SettingValue given);
}
