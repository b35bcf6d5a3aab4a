namespace Ist.Cli.Settings;

/// <summary>What gave a setting its value; a later one overrules an earlier one.</summary>
internal enum SettingSource
{
    /// <summary>Nothing: the default holds.</summary>
    Default,

    /// <summary>The run's file.</summary>
    File,

    /// <summary>The command line.</summary>
    CommandLine,
}
