using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Data;

/// <summary>A model's tokenizer, as the data needs it.</summary>
public sealed class TokenizerEncoder : ITextEncoder
{
    private readonly Tokenizer _tokenizer;

    /// <summary>Takes a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="source">Where it comes from, for the error message.</param>
    /// <exception cref="InputException">It names no token that ends a text.</exception>
    public TokenizerEncoder(Tokenizer tokenizer, string source)
    {
        _tokenizer = tokenizer;
        EosId = tokenizer.EosId ?? throw new InputException(
            $"{source}: the tokenizer names no end-of-text token; give eos_token in tokenizer_config.json or eos_token_id in config.json");
        // What the tokenizer puts around a text is in its files; an empty text shows whether it begins with BOS.
        AddsBos = tokenizer.BosId is int bos && tokenizer.Encode("").FirstOrDefault(-1) == bos;
    }

    /// <inheritdoc/>
    public int? BosId => _tokenizer.BosId;

    /// <inheritdoc/>
    public int EosId { get; }

    /// <inheritdoc/>
    public bool AddsBos { get; }

    /// <inheritdoc/>
    public void Encode(string text, List<int> ids) => _tokenizer.Encode(text, ids);
}
