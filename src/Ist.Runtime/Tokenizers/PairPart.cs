namespace Ist.Runtime.Tokenizers;

/// <summary>A part of what a tokenizer makes of a pair of texts: one of the texts, or a token between or around them.</summary>
/// <param name="Text">The text, 0 or 1; null for a token.</param>
/// <param name="Id">The token's id.</param>
/// <param name="Type">The segment that it belongs to (<c>token_type_ids</c>).</param>
internal readonly record struct PairPart(int? Text, int Id, int Type)
{
    /// <summary>One of the texts.</summary>
    public static PairPart OfText(int text, int type) => new(text, 0, type);

    /// <summary>A token.</summary>
    public static PairPart OfToken(int id, int type) => new(null, id, type);
}
