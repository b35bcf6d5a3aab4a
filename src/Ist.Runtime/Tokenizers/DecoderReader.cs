using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads the <c>decoder</c> of <c>tokenizer.json</c>.</summary>
internal static class DecoderReader
{
    /// <summary>The decoder that a node describes.</summary>
    /// <exception cref="InputException">Its kind isn't supported, or a key is missing or wrong.</exception>
    public static IDecoder Read(JsonConfig node) => node.GetString("type") switch
    {
        "Sequence" => new SequenceDecoder([.. node.GetObjects("decoders").Select(Read)]),
        "ByteLevel" => new ByteLevelDecoder(),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Strip" => new StripDecoder(SingleCharacter.Read(node, "content"), node.GetInt("start"), node.GetInt("stop")),
        "Replace" => new ReplaceDecoder(PatternReader.Read(node, "pattern"), node.GetString("content")),
        "Metaspace" => new MetaspaceDecoder(SingleCharacter.Read(node, "replacement"), MetaspaceReader.Prepend(node)),
        "BPEDecoder" => new BpeDecoder(node.GetString("suffix", "</w>")),
        "WordPiece" => new WordPieceDecoder(node.GetString("prefix", WordPieceModelReader.Prefix), node.GetBool("cleanup", true)),
        _ => throw Unsupported.Node(node, "decoder",
            "Sequence, ByteLevel, ByteFallback, Fuse, Strip, Replace, Metaspace, BPEDecoder and WordPiece"),
    };
}
