namespace Ist.Runtime.Tokenizers;

/// <summary>What a piece is for; the numbers of <c>sentencepiece_model.proto</c>.</summary>
internal enum SentencePieceType
{
    /// <summary>A piece of text.</summary>
    Normal = 1,

    /// <summary>Stands for text that no piece covers.</summary>
    Unknown = 2,

    /// <summary>Never found in text, such as BOS.</summary>
    Control = 3,

    /// <summary>Always found as a whole.</summary>
    UserDefined = 4,

    /// <summary>Merged into larger pieces, never left as it is.</summary>
    Unused = 5,

    /// <summary>A byte of UTF-8.</summary>
    Byte = 6,
}
