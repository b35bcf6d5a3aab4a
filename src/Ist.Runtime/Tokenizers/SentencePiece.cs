namespace Ist.Runtime.Tokenizers;

/// <summary>A piece of a SentencePiece vocabulary.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Score">Higher ones are merged first.</param>
/// <param name="Type">What it is for.</param>
internal readonly record struct SentencePiece(string Text, float Score, SentencePieceType Type);
