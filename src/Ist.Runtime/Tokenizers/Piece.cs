namespace Ist.Runtime.Tokenizers;

/// <summary>A word or other piece of text on its way to the model.</summary>
/// <param name="Text">What it holds.</param>
/// <param name="StartsText">Whether it begins where the whole text begins.</param>
internal readonly record struct Piece(ReadOnlyMemory<char> Text, bool StartsText);
