using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads the characters of <see cref="ByteAlphabet"/> as UTF-8; bytes that are none become U+FFFD.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (string token in tokens)
            bytes.AddRange(ByteAlphabet.ToBytes(token));
        return [Encoding.UTF8.GetString([.. bytes])];
    }
}
