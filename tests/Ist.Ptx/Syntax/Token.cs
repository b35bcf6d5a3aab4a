namespace Ist.Ptx.Syntax;

/// <summary>A word (names, directives and opcodes with their dots), a number, or one mark of punctuation.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line);
