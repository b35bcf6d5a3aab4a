using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>Takes away combining marks; letters are taken apart from their marks by an NFD or NFKD before it, if at all.</summary>
internal sealed class StripAccentsNormalizer : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!UnicodeClass.IsMark(rune))
                result.Append(rune);
        }
        return result.ToString();
    }
}
