namespace Ist.Ptx.Syntax;

internal enum TokenKind
{
    Word,
    Number,
    Mark,
    End,
}
