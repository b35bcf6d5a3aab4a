using Ist.Runtime.Data;

namespace Ist.Runtime.Tests.Data;

/// <summary>
/// A tokenizer to count by: a token for each character, its code; but the two letters <c>ab</c> merge into one token, so that tests
/// can put a boundary where tokenising both sides together would merge.
/// </summary>
internal sealed class CharacterEncoder(bool addsBos = true) : ITextEncoder
{
    public const int Bos = 1;
    public const int Eos = 2;
    public const int Merged = 3;

    public int? BosId => Bos;

    public int EosId => Eos;

    public bool AddsBos => addsBos;

    public static int[] Ids(string text)
    {
        var ids = new List<int>();
        new CharacterEncoder().Encode(text, ids);
        return [.. ids];
    }

    public void Encode(string text, List<int> ids)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool merges = text.AsSpan(i).StartsWith("ab");
            ids.Add(merges ? Merged : text[i]);
            i += merges ? 1 : 0;
        }
    }
}
