using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Data;

/// <summary>A model's tokenizer, as the data needs it.</summary>
public sealed class TokenizerEncoder : ITextEncoder
{
    private readonly Tokenizer _tokenizer;

    /// <summary>Takes a tokenizer.</summary>
    /// <exception cref="InputException">It names no EOS, or puts anything but BOS before and EOS after a text.</exception>
    public TokenizerEncoder(Tokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        EosId = tokenizer.EosId ?? throw new InputException(
            "tokenizer: no EOS token is named, so a model can't learn where to stop; set eos_token in tokenizer_config.json or eos_token_id in config.json");
        int[] bare = tokenizer.Encode("a", addSpecialTokens: false), whole = tokenizer.Encode("a");
        AddsBos = whole[0] == BosId;
        int after = whole.Length - bare.Length - (AddsBos ? 1 : 0);
        if (after > 1 || (after == 1 && whole[^1] != EosId))
            throw new InputException($"tokenizer: it makes {OneLine.List(whole.Select(tokenizer.IdToToken))} of 'a'; the data of a causal model has BOS before a text and EOS after it, and nothing else");
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
