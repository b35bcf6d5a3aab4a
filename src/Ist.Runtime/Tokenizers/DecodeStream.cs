using System.Runtime.InteropServices;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Text of ids that come one by one, as in generation. Characters whose UTF-8 is spread over several tokens are held back until
/// they are whole; what isn't after 32 tokens comes as U+FFFD. Where the ids' bytes are valid UTF-8, the parts together are the
/// text of <see cref="Tokenizer.Decode"/> on all ids.
/// </summary>
/// <param name="tokenizer">Whose ids they are.</param>
/// <param name="skipSpecialTokens">Whether special tokens give no text.</param>
public sealed class DecodeStream(Tokenizer tokenizer, bool skipSpecialTokens = true)
{
    // Three tokens at most hold the beginning of a character, but U+FFFD itself may be generated too, and looks the same.
    private const int MostHeld = 32;
    private const char Replacement = '\uFFFD';

    // The ids that gave the last text, then those held. The former stay because decoders treat a text's first token differently.
    private readonly List<int> _window = [];
    private int _context;
    private int _given;
    private int _held;

    /// <summary>Takes the next id and gives the text that has become certain, often empty within a character.</summary>
    public string Push(int id)
    {
        if (!tokenizer.HasToken(id) || (skipSpecialTokens && tokenizer.IsSpecial(id)))
            return "";
        _window.Add(id);
        string text = Text();
        int certain = text.AsSpan().TrimEnd(Replacement).Length;
        if (certain == text.Length || ++_held >= MostHeld)
            return Take(text);
        if (certain <= _given)
            return "";
        _held = 1;
        string part = text[_given..certain];
        _given = certain;
        return part;
    }

    /// <summary>The text still held back: bytes that became no character come as U+FFFD. The stream may go on afterwards.</summary>
    public string Flush() => _held == 0 ? "" : Take(Text());

    private string Take(string text)
    {
        string part = text[Math.Min(_given, text.Length)..];
        _window.RemoveRange(0, _context);
        _context = _window.Count;
        _given = Text().Length;
        _held = 0;
        return part;
    }

    private string Text() => tokenizer.Decode(CollectionsMarshal.AsSpan(_window), skipSpecialTokens);
}
