namespace Ist.Runtime.Tokenizers;

/// <summary>Takes a character off the ends of each part, at most so many times.</summary>
internal sealed class StripDecoder(char content, int start, int stop) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => [.. tokens.Select(Strip)];

    private string Strip(string token)
    {
        int from = 0;
        while (from < start && from < token.Length && token[from] == content)
            from++;
        int to = token.Length;
        while (token.Length - to < stop && to > from && token[to - 1] == content)
            to--;
        return token[from..to];
    }
}
