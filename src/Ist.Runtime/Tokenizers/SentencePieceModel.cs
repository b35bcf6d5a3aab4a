using System.Runtime.InteropServices;
using System.Text;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// SentencePiece's BPE: of all neighbours whose joined text is a piece, those of the highest score merge first.
/// Source: google/sentencepiece, <c>bpe_model.cc</c>.
/// </summary>
internal sealed class SentencePieceModel : ITokenModel
{
    private readonly SentencePieceFile _file;
    private readonly Vocabulary _vocabulary;
    private readonly AddedTokenMatcher _userDefined;
    private readonly int[] _ranks;
    private readonly int _unknown;
    private readonly int?[] _byteIds = new int?[256];

    /// <summary>Prepares a model.</summary>
    /// <param name="file">The pieces.</param>
    /// <param name="path">Their file, for error messages.</param>
    /// <exception cref="InputException">Pieces repeat, or there is not exactly one unknown piece.</exception>
    public SentencePieceModel(SentencePieceFile file, string path)
    {
        _file = file;
        var ids = new Dictionary<string, int>(file.Pieces.Count);
        for (int id = 0; id < file.Pieces.Count; id++)
        {
            if (!ids.TryAdd(file.Pieces[id].Text, id))
                throw new InputException($"{path}: the piece {OneLine.Quote(file.Pieces[id].Text)} is there twice, as {ids[file.Pieces[id].Text]} and {id}");
        }
        _vocabulary = new Vocabulary(ids, path);
        int[] unknown = [.. Ids(SentencePieceType.Unknown)];
        _unknown = unknown.Length == 1 ? unknown[0] : throw new InputException($"{path}: it has {unknown.Length} pieces of type unknown, expected one");
        float[] scores = [.. file.Pieces.Select(p => p.Score).Distinct().OrderDescending()];
        var rankOfScore = scores.Select((score, rank) => (score, rank)).ToDictionary(p => p.score, p => p.rank);
        _ranks = [.. file.Pieces.Select(p => rankOfScore[p.Score])];
        foreach (int id in Ids(SentencePieceType.Byte))
        {
            if (ByteToken.TryParse(file.Pieces[id].Text, out byte value))
                _byteIds[value] = id;
        }
        if (file.ByteFallback && _byteIds.Contains(null))
            throw new InputException($"{path}: it has byte_fallback, but no piece {ByteToken.Of((byte)Array.IndexOf(_byteIds, null))}; all 256 bytes are needed");
        _userDefined = new AddedTokenMatcher(Ids(SentencePieceType.UserDefined)
            .Select(id => (file.Pieces[id].Text, new AddedToken(id, file.Pieces[id].Text, Special: false))));
    }

    /// <inheritdoc/>
    public int VocabSize => _vocabulary.Size;

    /// <inheritdoc/>
    public string? IdToToken(int id) => _vocabulary.Token(id);

    /// <inheritdoc/>
    public int? TokenToId(string token) => _vocabulary.Id(token);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        var segments = new List<Segment>();
        _userDefined.Split(word.ToString(), startsText: true, segments);
        bool afterUnknown = false;
        foreach (Segment segment in segments)
        {
            if (segment.Id is { } id)
                ids.Add(id);
            else
                EncodeText(segment.Text, ids, ref afterUnknown);
            afterUnknown &= segment.Id is null;
        }
    }

    private void EncodeText(string text, List<int> ids, ref bool afterUnknown)
    {
        List<Symbol> symbols = Characters(text);
        var rule = new ScoreRule(this, text);
        var merged = new List<Symbol>(symbols.Count);
        Span<Symbol> linked = CollectionsMarshal.AsSpan(symbols);
        PairMerger.Link(linked);
        PairMerger.Merge(linked, rule, merged);
        foreach (Symbol symbol in merged)
            Append(text.AsSpan(symbol.Start, symbol.Length), symbol.Id, rule, ids, ref afterUnknown);
    }

    private List<Symbol> Characters(string text)
    {
        var symbols = new List<Symbol>(text.Length);
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = char.IsHighSurrogate(text[at]) ? 2 : 1;
            symbols.Add(new Symbol { Id = Find(text.AsSpan(at, length)), Start = at, Length = length });
        }
        return symbols;
    }

    private void Append(ReadOnlySpan<char> text, int id, ScoreRule rule, List<int> ids, ref bool afterUnknown)
    {
        if (id >= 0 && _file.Pieces[id].Type == SentencePieceType.Unused && rule.PartsOf(id) is { } parts)
        {
            Append(text[..parts.LeftLength], parts.Left, rule, ids, ref afterUnknown);
            Append(text[parts.LeftLength..], parts.Right, rule, ids, ref afterUnknown);
            return;
        }
        if (id >= 0)
        {
            ids.Add(id);
        }
        else if (_file.ByteFallback)
        {
            foreach (byte b in Encoding.UTF8.GetBytes(text.ToArray()))
                ids.Add(_byteIds[b]!.Value);
        }
        else if (!afterUnknown)
        {
            ids.Add(_unknown);
        }
        afterUnknown = id < 0 && !_file.ByteFallback;
    }

    /// <summary>The id of a text that merging may give, or -1: control, unknown and byte pieces are never found in text.</summary>
    private int Find(ReadOnlySpan<char> text) => _vocabulary.TryGetId(text, out int id)
        && _file.Pieces[id].Type is SentencePieceType.Normal or SentencePieceType.UserDefined or SentencePieceType.Unused ? id : -1;

    private IEnumerable<int> Ids(SentencePieceType type) => Enumerable.Range(0, _file.Pieces.Count).Where(id => _file.Pieces[id].Type == type);

    /// <summary>Merges by score within one text, and remembers of what unused pieces were made.</summary>
    private sealed class ScoreRule(SentencePieceModel model, string text) : IMergeRule
    {
        private readonly Dictionary<int, (int Left, int LeftLength, int Right)> _parts = [];

        public bool TryMerge(in Symbol left, in Symbol right, out int rank, out int id)
        {
            id = model.Find(text.AsSpan(left.Start, left.Length + right.Length));
            rank = id < 0 ? 0 : model._ranks[id];
            if (id >= 0 && model._file.Pieces[id].Type == SentencePieceType.Unused)
                _parts[id] = (left.Id, left.Length, right.Id);
            return id >= 0;
        }

        public (int Left, int LeftLength, int Right)? PartsOf(int id) => _parts.TryGetValue(id, out var parts) ? parts : null;
    }
}
