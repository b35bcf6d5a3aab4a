using System.Text;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads the <c>pre_tokenizer</c> of <c>tokenizer.json</c>.</summary>
internal static class PreTokenizerReader
{
    /// <summary>BERT's: white space goes, each punctuation mark is a word.</summary>
    public static IPreTokenizer Bert { get; } = new SequencePreTokenizer(
    [
        new SplitPreTokenizer(new CharacterPattern(Rune.IsWhiteSpace), SplitBehavior.Removed),
        new SplitPreTokenizer(new CharacterPattern(UnicodeClass.IsPunctuation), SplitBehavior.Isolated),
    ]);

    /// <summary>The pre-tokenizer that a node describes.</summary>
    /// <exception cref="InputException">Its kind isn't supported, or a key is missing or wrong.</exception>
    public static IPreTokenizer Read(JsonConfig node) => node.GetString("type") switch
    {
        "Sequence" => new SequencePreTokenizer([.. node.GetObjects("pretokenizers").Select(Read)]),
        // trim_offsets concerns places in the text, which ids don't have.
        "ByteLevel" => new ByteLevelPreTokenizer(node.GetBool("add_prefix_space"), node.GetBool("use_regex", true)),
        "Split" => new SplitPreTokenizer(PatternReader.Read(node, "pattern"), Behavior(node), node.GetBool("invert")),
        "Metaspace" => new MetaspacePreTokenizer(SingleCharacter.Read(node, "replacement"), MetaspaceReader.Prepend(node), node.GetBool("split", true)),
        "Whitespace" => new SplitPreTokenizer(new WordRunPattern(), SplitBehavior.Removed, invert: true),
        "WhitespaceSplit" => new SplitPreTokenizer(new CharacterPattern(Rune.IsWhiteSpace), SplitBehavior.Removed),
        "Punctuation" => new SplitPreTokenizer(new CharacterPattern(UnicodeClass.IsPunctuation),
            node.Has("behavior") ? Behavior(node) : SplitBehavior.Isolated),
        "Digits" => new SplitPreTokenizer(new CharacterPattern(UnicodeClass.IsNumeric),
            node.GetBool("individual_digits") ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "BertPreTokenizer" => Bert,
        _ => throw Unsupported.Node(node, "pre-tokenizer",
            "Sequence, ByteLevel, Split, Metaspace, Whitespace, WhitespaceSplit, Punctuation, Digits and BertPreTokenizer"),
    };

    private static SplitBehavior Behavior(JsonConfig node) => node.GetString("behavior") switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        string other => throw node.Fault("behavior",
            $"is {OneLine.Quote(other)}, expected Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous"),
    };
}
