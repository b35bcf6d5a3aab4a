namespace Ist.Runtime.Tokenizers;

/// <summary>Before which pieces Metaspace puts a space.</summary>
internal enum PrependScheme
{
    /// <summary>Before none.</summary>
    Never,

    /// <summary>Before the one that begins the text.</summary>
    First,

    /// <summary>Before each, those after added tokens included.</summary>
    Always,
}
