using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads an added token as <c>tokenizer.json</c> and <c>tokenizer_config.json</c> write it.</summary>
internal static class AddedTokenReader
{
    /// <summary>The token that a node describes.</summary>
    /// <exception cref="InputException">A key is missing or wrong.</exception>
    public static AddedToken Read(JsonConfig node, int id)
    {
        bool special = node.GetBool("special", false);
        return new AddedToken(
            id,
            node.GetString("content"),
            SingleWord: node.GetBool("single_word", false),
            LStrip: node.GetBool("lstrip", false),
            RStrip: node.GetBool("rstrip", false),
            Normalized: node.GetBool("normalized", !special),
            Special: special);
    }
}
