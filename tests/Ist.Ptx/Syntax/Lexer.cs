namespace Ist.Ptx.Syntax;

/// <summary>Cuts PTX text into tokens; comments are left out.</summary>
internal static class Lexer
{
    private const string Marks = "{}()[]<>,;:+-=!|@\"*";

    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        int line = 1;
        for (int i = 0; i < text.Length;)
        {
            char c = text[i];
            if (c == '\n')
                line++;
            if (char.IsWhiteSpace(c) || c == '\0')
            {
                i++;
            }
            else if (c == '/' && i + 1 < text.Length && text[i + 1] == '/')
            {
                while (i < text.Length && text[i] != '\n')
                    i++;
            }
            else if (c == '/' && i + 1 < text.Length && text[i + 1] == '*')
            {
                int end = text.IndexOf("*/", i + 2, StringComparison.Ordinal);
                if (end < 0)
                    throw new PtxException(line, "a comment has no end");
                line += text.AsSpan(i, end - i).Count('\n');
                i = end + 2;
            }
            else
            {
                int length = char.IsAsciiDigit(c) ? NumberLength(text, i) : IsWordStart(c) ? WordLength(text, i) : 1;
                if (length == 1 && !char.IsAsciiDigit(c) && !IsWordStart(c) && !Marks.Contains(c))
                    throw new PtxException(line, $"'{c}' means nothing in PTX");
                var kind = char.IsAsciiDigit(c) ? TokenKind.Number : IsWordStart(c) ? TokenKind.Word : TokenKind.Mark;
                tokens.Add(new Token(kind, text.Substring(i, length), line));
                i += length;
            }
        }
        tokens.Add(new Token(TokenKind.End, "the end of the text", line));
        return tokens;
    }

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c is '_' or '$' or '%' or '.';

    private static int WordLength(string text, int start)
    {
        int i = start + 1;
        while (i < text.Length)
        {
            // "::" stands in modifiers such as .shared::cta; a single colon ends a label.
            if (text[i] == ':' && i + 2 < text.Length && text[i + 1] == ':' && char.IsAsciiLetterOrDigit(text[i + 2]))
                i += 2;
            else if (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '_' or '$' or '.')
                i++;
            else
                break;
        }
        return i - start;
    }

    private static int NumberLength(string text, int start)
    {
        int i = start;
        bool bits = text.Length > i + 1 && text[i] == '0' && char.ToLowerInvariant(text[i + 1]) is ('f' or 'd' or 'x');
        while (i < text.Length)
        {
            bool signOfExponent = !bits && text[i] is ('+' or '-') && i > start && char.ToLowerInvariant(text[i - 1]) == 'e';
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] != '.' && !signOfExponent)
                break;
            i++;
        }
        return i - start;
    }
}
