using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads the <c>normalizer</c> of <c>tokenizer.json</c>.</summary>
internal static class NormalizerReader
{
    /// <summary>The normalizer that a node describes.</summary>
    /// <exception cref="InputException">Its kind isn't supported, or a key is missing or wrong.</exception>
    public static INormalizer Read(JsonConfig node) => node.GetString("type") switch
    {
        "Sequence" => new SequenceNormalizer([.. node.GetObjects("normalizers").Select(Read)]),
        "Prepend" => new PrependNormalizer(node.GetString("prepend")),
        "Replace" => new ReplaceNormalizer(PatternReader.Read(node, "pattern"), node.GetString("content")),
        "NFC" => new UnicodeNormalizer(compatibility: false, compose: true),
        "NFD" => new UnicodeNormalizer(compatibility: false, compose: false),
        "NFKC" => new UnicodeNormalizer(compatibility: true, compose: true),
        "NFKD" => new UnicodeNormalizer(compatibility: true, compose: false),
        "Lowercase" => new LowercaseNormalizer(),
        "Strip" => new StripNormalizer(node.GetBool("strip_left"), node.GetBool("strip_right")),
        "StripAccents" => new StripAccentsNormalizer(),
        "BertNormalizer" => ReadBert(node),
        _ => throw Unsupported.Node(node, "normalizer",
            "Sequence, Prepend, Replace, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents and BertNormalizer"),
    };

    private static BertNormalizer ReadBert(JsonConfig node)
    {
        bool lowercase = node.GetBool("lowercase", true);
        return new BertNormalizer(node.GetBool("clean_text", true), node.GetBool("handle_chinese_chars", true), node.GetBool("strip_accents", lowercase), lowercase);
    }
}
