using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads the <c>model</c> of <c>tokenizer.json</c> where it is WordPiece.</summary>
internal static class WordPieceModelReader
{
    /// <summary>Begins each token but a word's first.</summary>
    public const string Prefix = "##";

    /// <summary>The number of characters up to which BERT cuts a word.</summary>
    public const int LongestWord = 100;

    /// <summary>The model that a node describes.</summary>
    /// <exception cref="InputException">A key is missing or wrong.</exception>
    public static WordPieceModel Read(JsonConfig node)
    {
        var vocabulary = new Vocabulary(node.GetIds("vocab"), $"{node.Source}: 'model.vocab'");
        string unknown = node.GetString("unk_token", "[UNK]");
        int unk = vocabulary.Id(unknown) ?? throw node.Fault("unk_token", $"is {OneLine.Quote(unknown)}, which the vocabulary lacks");
        int longest = node.GetInt("max_input_chars_per_word", LongestWord);
        if (longest < 1)
            throw node.Fault("max_input_chars_per_word", $"is {longest}, expected 1 or more");
        return new WordPieceModel(vocabulary, unk, node.GetString("continuing_subword_prefix", Prefix), longest);
    }
}
