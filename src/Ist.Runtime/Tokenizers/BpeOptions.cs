namespace Ist.Runtime.Tokenizers;

/// <summary>How a BPE model treats a word's characters. Names as in <c>tokenizer.json</c>.</summary>
internal sealed record BpeOptions
{
    /// <summary>The id for characters that aren't in the vocabulary; null leaves them out.</summary>
    public int? Unk { get; init; }

    /// <summary>Whether adjacent unknown characters are one unknown token.</summary>
    public bool FuseUnk { get; init; }

    /// <summary>Whether such a character becomes its UTF-8 bytes, tokens like <c>&lt;0x0A&gt;</c>, where all of them are tokens.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is a token is that token, merges or not.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Begins every symbol but a word's first.</summary>
    public string ContinuingSubwordPrefix { get; init; } = "";

    /// <summary>Ends a word's last symbol.</summary>
    public string EndOfWordSuffix { get; init; } = "";
}
