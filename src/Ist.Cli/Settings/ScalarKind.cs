namespace Ist.Cli.Settings;

/// <summary>What a value looked like where it was written.</summary>
internal enum ScalarKind
{
    /// <summary>A word of the command line, which may be anything.</summary>
    Any,

    /// <summary>A number of a file.</summary>
    Number,

    /// <summary>true or false in a file.</summary>
    Boolean,

    /// <summary>A text of a file.</summary>
    Text,
}
