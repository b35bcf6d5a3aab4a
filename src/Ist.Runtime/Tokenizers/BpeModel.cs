using System.Runtime.InteropServices;
using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>Byte-pair encoding with a list of merges. Source: Hugging Face tokenizers, <c>models/bpe</c>.</summary>
internal sealed class BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options) : ITokenModel
{
    private readonly WordCache _cache = new();
    private readonly int?[] _byteIds = [.. Enumerable.Range(0, 256).Select(b => vocabulary.Id(ByteToken.Of((byte)b)))];
    private readonly bool _plain = options.ContinuingSubwordPrefix.Length == 0 && options.EndOfWordSuffix.Length == 0;

    /// <inheritdoc/>
    public int VocabSize => vocabulary.Size;

    /// <inheritdoc/>
    public string? IdToToken(int id) => vocabulary.Token(id);

    /// <inheritdoc/>
    public int? TokenToId(string token) => vocabulary.Id(token);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        if (options.IgnoreMerges && vocabulary.TryGetId(word, out int whole))
        {
            ids.Add(whole);
            return;
        }
        if (_cache.TryAppend(word, ids))
            return;
        List<Symbol> symbols = Characters(word);
        var merged = new List<Symbol>(symbols.Count);
        Span<Symbol> linked = CollectionsMarshal.AsSpan(symbols);
        PairMerger.Link(linked);
        PairMerger.Merge(linked, merges, merged);
        int[] result = [.. merged.Select(s => s.Id)];
        _cache.Add(word, result);
        ids.AddRange(result);
    }

    private List<Symbol> Characters(ReadOnlySpan<char> word)
    {
        var symbols = new List<Symbol>(word.Length);
        bool unknownPending = false;
        for (int at = 0, length; at < word.Length; at += length)
        {
            length = char.IsHighSurrogate(word[at]) ? 2 : 1;
            ReadOnlySpan<char> character = _plain ? word.Slice(at, length) : Decorated(word, at, length);
            if (vocabulary.TryGetId(character, out int id))
            {
                FlushUnknown(symbols, ref unknownPending);
                symbols.Add(new Symbol { Id = id, Length = 1 });
            }
            // An unknown character before these bytes comes after them, as in Hugging Face's code; with all bytes in the vocabulary there is none.
            else if (!(options.ByteFallback && TryAddBytes(character, symbols)) && options.Unk is not null)
            {
                if (!options.FuseUnk)
                    FlushUnknown(symbols, ref unknownPending);
                unknownPending = true;
            }
        }
        FlushUnknown(symbols, ref unknownPending);
        return symbols;
    }

    private string Decorated(ReadOnlySpan<char> word, int at, int length) => string.Concat(
        at > 0 ? options.ContinuingSubwordPrefix : "",
        word.Slice(at, length),
        at + length == word.Length ? options.EndOfWordSuffix : "");

    private void FlushUnknown(List<Symbol> symbols, ref bool pending)
    {
        if (pending)
            symbols.Add(new Symbol { Id = options.Unk!.Value, Length = 1 });
        pending = false;
    }

    private bool TryAddBytes(ReadOnlySpan<char> character, List<Symbol> symbols)
    {
        int before = symbols.Count;
        foreach (byte b in Encoding.UTF8.GetBytes(character.ToArray()))
        {
            if (_byteIds[b] is not { } id)
            {
                symbols.RemoveRange(before, symbols.Count - before);
                return false;
            }
            symbols.Add(new Symbol { Id = id, Length = 1 });
        }
        return true;
    }
}
