namespace Ist.Ptx.Syntax;

/// <summary>Reads tokens one after the other.</summary>
internal sealed class TokenReader(string text)
{
    private readonly List<Token> _tokens = Lexer.Read(text);
    private int _position;

    public Token Next => _tokens[_position];

    public Token After => _tokens[Math.Min(_position + 1, _tokens.Count - 1)];

    public Token Take() => Next.Kind == TokenKind.End ? throw Unexpected("more") : _tokens[_position++];

    public bool TryTake(string mark)
    {
        if (Next.Text != mark)
            return false;
        _position++;
        return true;
    }

    public void Expect(string mark)
    {
        if (!TryTake(mark))
            throw Unexpected($"'{mark}'");
    }

    public string Word() => Next.Kind == TokenKind.Word ? Take().Text : throw Unexpected("a name");

    public long Number()
    {
        bool negative = TryTake("-");
        if (Next.Kind != TokenKind.Number)
            throw Unexpected("a number");
        var token = Take();
        long bits = (long)new LiteralOperand(token.Text, token.Line).Bits(PtxType.B64);
        return negative ? -bits : bits;
    }

    public PtxType Type()
    {
        string word = Word();
        return (word.StartsWith('.') ? PtxType.Find(word[1..]) : null)
            ?? throw new PtxException(Next.Line, $"'{word}' is no type that is known here");
    }

    public PtxException Unexpected(string expected) => new(Next.Line, $"expected {expected}, found '{Next.Text}'");
}
