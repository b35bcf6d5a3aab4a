namespace Ist.Runtime.Tokenizers;

/// <summary>A text, or a pair of them, as a classifier reads it.</summary>
/// <param name="Ids">The ids, with the special tokens around and between the texts.</param>
/// <param name="TokenTypes">The segment of each id (<c>token_type_ids</c>).</param>
/// <param name="IsCut">Whether the texts were longer.</param>
public sealed record EncodedText(int[] Ids, int[] TokenTypes, bool IsCut);
