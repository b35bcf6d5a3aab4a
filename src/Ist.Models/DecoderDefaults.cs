namespace Ist.Models;

/// <summary>What transformers assumes where a decoder's <c>config.json</c> lacks a key, as far as the families differ in it.</summary>
internal sealed record DecoderDefaults
{
    /// <summary><c>vocab_size</c>.</summary>
    public required int VocabSize { get; init; }

    /// <summary><c>hidden_size</c>.</summary>
    public int HiddenSize { get; init; } = 4096;

    /// <summary><c>intermediate_size</c>.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary><c>num_hidden_layers</c>.</summary>
    public int Layers { get; init; } = 32;

    /// <summary><c>num_attention_heads</c>.</summary>
    public int Heads { get; init; } = 32;

    /// <summary><c>num_key_value_heads</c> where the key is missing; null for as many as there are query heads.</summary>
    public int? KeyValueHeads { get; init; }

    /// <summary><c>head_dim</c>; null for <c>hidden_size / num_attention_heads</c>.</summary>
    public int? HeadSize { get; init; }

    /// <summary><c>max_position_embeddings</c>.</summary>
    public required int MaxPositions { get; init; }

    /// <summary><c>rope_theta</c>.</summary>
    public float RotaryTheta { get; init; } = 10000;

    /// <summary><c>rms_norm_eps</c>.</summary>
    public float Epsilon { get; init; } = 1e-6f;

    /// <summary><c>tie_word_embeddings</c>.</summary>
    public bool TiesWeights { get; init; }

    /// <summary>Whether <c>attention_bias</c> means something in the family: biases of the attention's projections.</summary>
    public bool HasAttentionBias { get; init; }

    /// <summary>Whether <c>mlp_bias</c> does: biases of the feed-forward network's projections.</summary>
    public bool HasMlpBias { get; init; }
}
