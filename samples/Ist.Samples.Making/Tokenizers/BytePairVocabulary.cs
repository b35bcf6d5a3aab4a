using Ist.Runtime.Tokenizers;

namespace Ist.Samples.Making.Tokenizers;

/// <summary>Tokens in the order of their ids, and merges in the order in which they were learnt and are applied.</summary>
internal sealed record BytePairVocabulary(IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges)
{
    /// <summary>The special token, id 0: it ends a text, may begin one, and fills batches.</summary>
    public const string EndOfText = "<|endoftext|>";

    /// <summary>The tokens that every vocabulary has: the special one and a character for each byte.</summary>
    public const int Smallest = 257;

    /// <summary>Those tokens. The bytes follow in the order of their characters, as Hugging Face's trainer numbers them.</summary>
    public static List<string> Alphabet() =>
        [EndOfText, .. Enumerable.Range(0, 256).Select(b => ByteAlphabet.ToChar((byte)b)).Order().Select(c => c.ToString())];
}
