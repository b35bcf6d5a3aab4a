using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// A model's vocabulary with the added tokens on top: those looked for in the raw text, and those looked for in the normalized.
/// </summary>
internal sealed class AddedVocabulary
{
    private readonly ITokenModel _model;
    private readonly Dictionary<string, AddedToken> _byContent = [];
    private readonly Dictionary<int, AddedToken> _byId = [];
    private readonly INormalizer? _normalizer;
    private readonly AddedTokenMatcher _raw;
    private readonly AddedTokenMatcher _normalized;

    /// <summary>Adds tokens to a model's vocabulary.</summary>
    /// <param name="model">The vocabulary.</param>
    /// <param name="tokens">What is added, in order; a token given again takes the later form.</param>
    /// <param name="normalizer">What text goes through before the model, or null.</param>
    /// <param name="source">The tokenizer's file, for error messages.</param>
    /// <exception cref="InputException">A token's id is another's already.</exception>
    public AddedVocabulary(ITokenModel model, IEnumerable<AddedToken> tokens, INormalizer? normalizer, string source)
    {
        _model = model;
        _normalizer = normalizer;
        foreach (AddedToken token in tokens.Where(t => t.Content.Length > 0))
            Add(token, source);
        VocabSize = Math.Max(model.VocabSize, _byId.Count == 0 ? 0 : _byId.Keys.Max() + 1);
        _raw = new AddedTokenMatcher(_byContent.Values.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        _normalized = new AddedTokenMatcher(_byContent.Values.Where(t => t.Normalized).Select(t => (Normalize(t.Content), t)));
    }

    /// <summary>The highest id plus one.</summary>
    public int VocabSize { get; }

    /// <summary>The token of an id, or null.</summary>
    public string? IdToToken(int id) => _byId.TryGetValue(id, out AddedToken? token) ? token.Content : _model.IdToToken(id);

    /// <summary>The id of a token, or null.</summary>
    public int? TokenToId(string token) => _byContent.TryGetValue(token, out AddedToken? added) ? added.Id : _model.TokenToId(token);

    /// <summary>Whether the id is a special token's.</summary>
    public bool IsSpecial(int id) => _byId.TryGetValue(id, out AddedToken? token) && token.Special;

    /// <summary>The parts of a text in order, normalized where they aren't added tokens; none is empty.</summary>
    public List<Segment> Split(string text)
    {
        var raw = new List<Segment>();
        _raw.Split(text, startsText: true, raw);
        var segments = new List<Segment>(raw.Count);
        foreach (Segment segment in raw)
        {
            if (segment.Id is not null)
            {
                segments.Add(segment);
                continue;
            }
            string normalized = Normalize(segment.Text);
            if (normalized.Length > 0)
                _normalized.Split(normalized, segment.StartsText, segments);
        }
        return segments;
    }

    private string Normalize(string text) => _normalizer is null ? text : _normalizer.Normalize(text);

    private void Add(AddedToken token, string source)
    {
        string name = OneLine.Quote(token.Content);
        if (TokenToId(token.Content) is { } id && id != token.Id)
            throw new InputException($"{source}: the added token {name} has the id {token.Id}, but the vocabulary gives it {id}; make them agree");
        if (IdToToken(token.Id) is { } other && other != token.Content)
            throw new InputException($"{source}: the added token {name} has the id {token.Id}, which is {OneLine.Quote(other)}'s already; give it a free id");
        _byContent[token.Content] = token;
        _byId[token.Id] = token;
    }
}
