namespace Ist.Runtime.Tokenizers;

/// <summary>Writes the visible character as a space again; in the first token it goes where encoding may have put it.</summary>
internal sealed class MetaspaceDecoder(char replacement, PrependScheme prepend) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) =>
        [.. tokens.Select((token, i) => i == 0 && prepend != PrependScheme.Never
            ? token.Replace(replacement.ToString(), "", StringComparison.Ordinal)
            : token.Replace(replacement, ' '))];
}
