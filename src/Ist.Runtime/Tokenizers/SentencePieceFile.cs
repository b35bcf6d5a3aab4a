namespace Ist.Runtime.Tokenizers;

/// <summary>What a SentencePiece <c>tokenizer.model</c> says. Names and defaults as in <c>sentencepiece_model.proto</c>.</summary>
internal sealed record SentencePieceFile
{
    /// <summary>Stands for a space in pieces.</summary>
    public const char Space = '\u2581';

    /// <summary>The pieces in the order of their ids.</summary>
    public List<SentencePiece> Pieces { get; } = [];

    /// <summary>1 unigram, 2 BPE, 3 word, 4 character.</summary>
    public int ModelType { get; set; } = 1;

    /// <summary>Whether unknown characters become bytes.</summary>
    public bool ByteFallback { get; set; }

    /// <summary>Whether a space belongs to the word before it.</summary>
    public bool TreatWhitespaceAsSuffix { get; set; }

    /// <summary>The normalizer's name, such as identity or nmt_nfkc.</summary>
    public string NormalizerName { get; set; } = "";

    /// <summary>Whether the normalizer, or the one for decoded text, has rules.</summary>
    public bool HasNormalizationRules { get; set; }

    /// <summary>Whether a space is put before the text.</summary>
    public bool AddDummyPrefix { get; set; } = true;

    /// <summary>Whether spaces at the ends go and those within are made single.</summary>
    public bool RemoveExtraWhitespaces { get; set; } = true;

    /// <summary>Whether spaces are written as <see cref="Space"/>.</summary>
    public bool EscapeWhitespaces { get; set; } = true;

    /// <summary>The pieces with a role.</summary>
    public RoleTokens Roles { get; set; } = new("<s>", "</s>", "<pad>", "<unk>");
}
