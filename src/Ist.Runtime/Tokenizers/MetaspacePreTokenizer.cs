namespace Ist.Runtime.Tokenizers;

/// <summary>Writes spaces as a visible character and cuts before each. Source: Hugging Face tokenizers, <c>Metaspace</c>.</summary>
/// <param name="replacement">Stands for a space, usually U+2581.</param>
/// <param name="prepend">Where to put one before text that doesn't begin with one.</param>
/// <param name="split">Whether to cut.</param>
internal sealed class MetaspacePreTokenizer(char replacement, PrependScheme prepend, bool split) : IPreTokenizer
{
    private readonly SplitPreTokenizer _split = new(new LiteralPattern(replacement.ToString()), SplitBehavior.MergedWithNext);

    /// <inheritdoc/>
    public void Split(Piece piece, List<Piece> pieces)
    {
        string text = piece.Text.ToString().Replace(' ', replacement);
        bool prepends = prepend == PrependScheme.Always || (prepend == PrependScheme.First && piece.StartsText);
        if (prepends && !text.StartsWith(replacement))
            text = replacement + text;
        var spaced = new Piece(text.AsMemory(), piece.StartsText);
        if (split)
            _split.Split(spaced, pieces);
        else
            pieces.Add(spaced);
    }
}
