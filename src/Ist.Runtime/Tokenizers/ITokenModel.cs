namespace Ist.Runtime.Tokenizers;

/// <summary>What a tokenizer has learnt: a vocabulary, and how a word is cut into its tokens.</summary>
internal interface ITokenModel
{
    /// <summary>The highest id plus one.</summary>
    int VocabSize { get; }

    /// <summary>The token of an id, or null.</summary>
    string? IdToToken(int id);

    /// <summary>The id of a token, or null.</summary>
    int? TokenToId(string token);

    /// <summary>Appends the ids of a word: one piece of text as the pre-tokenizer cut it, never empty, without unpaired surrogates.</summary>
    void Encode(ReadOnlySpan<char> word, List<int> ids);
}
