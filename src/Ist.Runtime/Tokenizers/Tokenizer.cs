namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Turns text into token ids and back, with the ids that Hugging Face's tokenizers or sentencepiece would give for the same
/// files. Instances don't change and may be used from several threads at once.
/// </summary>
public sealed class Tokenizer
{
    private readonly Pipeline _pipeline;
    private readonly AddedVocabulary _vocabulary;
    private readonly SpecialIds _special;

    internal Tokenizer(Pipeline pipeline, AddedVocabulary vocabulary, SpecialIds special)
    {
        _pipeline = pipeline;
        _vocabulary = vocabulary;
        _special = special;
    }

    /// <summary>The number of ids: the highest id of any token, plus one.</summary>
    public int VocabSize => _vocabulary.VocabSize;

    /// <summary>The id that begins a text, or null where the model's files name none.</summary>
    public int? BosId => _special.Bos;

    /// <summary>The id that ends a text, or null where the model's files name none.</summary>
    public int? EosId => _special.Eos;

    /// <summary>The id that fills a batch, or null where the model's files name none.</summary>
    public int? PadId => _special.Pad;

    /// <summary>The id of a character that no token covers, or null where the model's files name none.</summary>
    public int? UnkId => _special.Unk;

    /// <summary>
    /// Every id that ends a generated text: <see cref="EosId"/>, then those that <c>generation_config.json</c> or
    /// <c>config.json</c> list besides.
    /// </summary>
    public IReadOnlyList<int> EosIds => _special.AllEos;

    /// <summary>
    /// Reads the tokenizer of a model's folder: <c>tokenizer.json</c>, else <c>tokenizer.model</c>, else <c>vocab.json</c> with
    /// <c>merges.txt</c>, else <c>vocab.txt</c> (WordPiece); and the special tokens that <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>,
    /// <c>added_tokens.json</c>, <c>generation_config.json</c> and <c>config.json</c> name.
    /// </summary>
    /// <param name="modelFolder">A folder in Hugging Face's layout.</param>
    /// <exception cref="InputException">A file is missing or wrong, or asks for something that isn't supported.</exception>
    public static Tokenizer Load(string modelFolder) => TokenizerFolder.Load(modelFolder);

    /// <summary>The ids of a text.</summary>
    /// <param name="text">The text; an unpaired surrogate counts as U+FFFD, as it has no UTF-8.</param>
    /// <param name="addSpecialTokens">Whether to put BOS, EOS and the like around it where the model's files ask for them.</param>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        var ids = new List<int>();
        if (addSpecialTokens)
            ids.AddRange(_pipeline.PostProcessor.Prefix);
        Encode(text, ids);
        if (addSpecialTokens)
            ids.AddRange(_pipeline.PostProcessor.Suffix);
        return [.. ids];
    }

    /// <summary>
    /// A text or a pair of texts with the special tokens that the model's files put around and between them. What is too long loses
    /// tokens at the end of the longer text, and then of both alike (<c>truncation="longest_first"</c>).
    /// </summary>
    /// <param name="first">The text.</param>
    /// <param name="second">The second text of a pair, or null.</param>
    /// <param name="maxLength">The most ids, special tokens among them.</param>
    /// <exception cref="InputException">The files do not say what a pair becomes, or there is no room beside the special tokens.</exception>
    public EncodedText Encode(string first, string? second, int maxLength)
    {
        PostProcessor post = _pipeline.PostProcessor;
        PairPart[] parts = second is null
            ? [.. post.Prefix.Select(id => PairPart.OfToken(id, 0)), PairPart.OfText(0, 0), .. post.Suffix.Select(id => PairPart.OfToken(id, 0))]
            : post.Pair.Length > 0 ? post.Pair
            : throw new InputException("tokenizer: its files do not say what a pair of texts becomes; join the two into one text");
        int room = maxLength - parts.Count(p => p.Text is null);
        if (room < (second is null ? 1 : 2))
            throw new InputException($"max_length {maxLength}: the special tokens alone are {parts.Length - (second is null ? 1 : 2)}; give more");
        List<int>[] texts = [[], []];
        Encode(first, texts[0]);
        if (second is not null)
            Encode(second, texts[1]);
        (int a, int b) = Cut(texts[0].Count, texts[1].Count, room);
        int[] kept = [a, b];
        var ids = new List<int>(maxLength);
        var types = new List<int>(maxLength);
        foreach (PairPart part in parts)
        {
            if (part.Text is int text)
                ids.AddRange(texts[text].Take(kept[text]));
            else
                ids.Add(part.Id);
            while (types.Count < ids.Count)
                types.Add(part.Type);
        }
        return new EncodedText([.. ids], [.. types], a + b < texts[0].Count + texts[1].Count);
    }

    // As tokenizers' truncate_encodings: the shorter text keeps all of it where half the room is enough for it.
    private static (int First, int Second) Cut(int first, int second, int room)
    {
        if (first + second <= room)
            return (first, second);
        (int shorter, int half) = (Math.Min(first, second), room / 2);
        (int small, int large) = shorter <= half ? (shorter, room - shorter) : (half, room - half);
        return first <= second ? (small, large) : (large, small);
    }

    /// <summary>Appends the ids of a text, without special tokens around it.</summary>
    /// <param name="text">The text; an unpaired surrogate counts as U+FFFD, as it has no UTF-8.</param>
    /// <param name="ids">Grows by the text's ids.</param>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        if (!text.IsEmpty)
            EncodeText(WellFormed.Of(text), ids);
    }

    /// <summary>The text of ids. Ids that no token has, as a padded output layer may give, are left out.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Whether to leave out special tokens such as BOS and EOS.</param>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var tokens = new List<string>(ids.Length);
        foreach (int id in ids)
        {
            if (_vocabulary.IdToToken(id) is { } token && !(skipSpecialTokens && IsSpecial(id)))
                tokens.Add(token);
        }
        return _pipeline.Decoder is null ? string.Join(' ', tokens) : string.Concat(_pipeline.Decoder.Decode(tokens));
    }

    /// <summary>A token as its file writes it, such as <c>Ġthe</c>, <c>▁the</c> or <c>&lt;0x0A&gt;</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No token has the id.</exception>
    public string IdToToken(int id) =>
        _vocabulary.IdToToken(id) ?? throw new ArgumentOutOfRangeException(nameof(id), id, "No token has this id.");

    /// <summary>The id of a token as its file writes it, or null.</summary>
    public int? TokenToId(string token) => _vocabulary.TokenToId(token);

    /// <summary>Whether the id is a special token, which is left out of decoded text.</summary>
    public bool IsSpecial(int id) => _vocabulary.IsSpecial(id);

    internal bool HasToken(int id) => _vocabulary.IdToToken(id) is not null;

    private void EncodeText(string text, List<int> ids)
    {
        var pieces = new List<Piece>();
        foreach (Segment segment in _vocabulary.Split(text))
        {
            if (segment.Id is { } id)
            {
                ids.Add(id);
                continue;
            }
            var whole = new Piece(segment.Text.AsMemory(), segment.StartsText);
            pieces.Clear();
            if (_pipeline.PreTokenizer is null)
                pieces.Add(whole);
            else
                _pipeline.PreTokenizer.Split(whole, pieces);
            foreach (Piece piece in pieces)
                _pipeline.Model.Encode(piece.Text.Span, ids);
        }
    }
}
