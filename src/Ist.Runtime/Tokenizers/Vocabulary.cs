using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Tokens and their ids, both ways.</summary>
internal sealed class Vocabulary
{
    // Ids number the rows of an embedding: one far beyond the number of tokens is a slip that would only waste memory here.
    private const int MostUnused = 1 << 20;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsOfSpans;
    private readonly string?[] _tokens;

    /// <summary>Numbers tokens.</summary>
    /// <param name="ids">Tokens and their ids.</param>
    /// <param name="source">The file and key that they stand in, for error messages.</param>
    /// <exception cref="InputException">There are none, an id is negative, very large, or given twice.</exception>
    public Vocabulary(Dictionary<string, int> ids, string source)
    {
        if (ids.Count == 0)
            throw new InputException($"{source} holds no token; this file is no tokenizer's");
        _ids = ids;
        _idsOfSpans = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        int highest = ids.Values.Max();
        if (highest > ids.Count + MostUnused)
            throw new InputException($"{source} gives the id {highest} to one of {ids.Count} tokens; ids number the embedding's rows, from 0");
        _tokens = new string?[highest + 1];
        foreach ((string token, int id) in ids)
        {
            if (id < 0)
                throw new InputException($"{source} gives {OneLine.Quote(token)} the id {id}, expected 0 or more");
            if (_tokens[id] is { } other)
                throw new InputException($"{source} gives the id {id} to both {OneLine.Quote(other)} and {OneLine.Quote(token)}; ids must be unique");
            _tokens[id] = token;
        }
    }

    /// <summary>The highest id plus one.</summary>
    public int Size => _tokens.Length;

    /// <summary>The token of an id, or null.</summary>
    public string? Token(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    /// <summary>Finds a token.</summary>
    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _idsOfSpans.TryGetValue(token, out id);

    /// <summary>The id of a token, or null.</summary>
    public int? Id(string token) => _ids.TryGetValue(token, out int id) ? id : null;
}
