namespace Ist.Runtime.Tokenizers;

/// <summary>A part of a text: the id of an added token, or text for the model where <see cref="Id"/> is null.</summary>
/// <param name="Id">The added token's id, or null.</param>
/// <param name="Text">The text that it covers.</param>
/// <param name="StartsText">Whether it begins where the whole text begins.</param>
internal readonly record struct Segment(int? Id, string Text, bool StartsText);
