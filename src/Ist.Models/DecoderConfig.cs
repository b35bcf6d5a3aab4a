using System.Collections.Immutable;
using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Reads the <c>config.json</c> of a LLaMA or of a family that descends from it (RMS norms, rotary positions, grouped keys, a
/// gated feed-forward network), as transformers 4 and 5 write it.
/// </summary>
internal static class DecoderConfig
{
    /// <param name="config">The file.</param>
    /// <param name="defaults">What missing keys mean in this family.</param>
    /// <param name="windows">Given the number of layers, the attention window of each; null for a family without windows.</param>
    /// <param name="rotary">Given the size of a head, its angles; null where <see cref="RotaryConfig"/> reads them.</param>
    /// <param name="dropouts">The keys of more dropout inside the model, none where they are missing.</param>
    public static ModelConfig Read(
        JsonConfig config, DecoderDefaults defaults, Func<int, ImmutableArray<int?>>? windows = null, Func<int, RotaryAngles>? rotary = null, params string[] dropouts)
    {
        int hidden = config.GetPositive("hidden_size", defaults.HiddenSize), layers = config.GetPositive("num_hidden_layers", defaults.Layers);
        AttentionOptions attention = Attention(config, defaults, hidden);
        return new ModelConfig
        {
            Widths = new Widths()
                .Set<Model>(hidden)
                .Set<Ffn>(config.GetPositive("intermediate_size", defaults.IntermediateSize))
                .Set<Query>(AllHeads(config, attention.Heads, attention.HeadSize))
                .Set<KeyValue>(AllHeads(config, attention.KeyValueHeads, attention.HeadSize))
                .Set<Vocab>(config.GetPositive("vocab_size", defaults.VocabSize)),
            Options = new ModelOptions()
                .Set(new StackOptions(layers))
                .Set(new RmsNormOptions(config.GetEpsilon("rms_norm_eps", defaults.Epsilon)))
                .Set(attention with { Windows = windows?.Invoke(layers) ?? [] })
                .Set(Biases(config, defaults))
                .Set(rotary?.Invoke(attention.HeadSize) ?? RotaryConfig.Read(config, attention.HeadSize, defaults.RotaryTheta)),
            TiesWeights = config.GetBool("tie_word_embeddings", defaults.TiesWeights),
            InitializerRange = config.GetFloat("initializer_range", 0.02f),
            MaxPositions = config.GetPositive("max_position_embeddings", defaults.MaxPositions),
            DType = config.GetDType(),
            TrainingWarnings = config.WarnOfDropout([("attention_dropout", 0), .. dropouts.Select(key => (key, 0.0))]),
        };
    }

    private static AttentionOptions Attention(JsonConfig config, DecoderDefaults defaults, int hidden)
    {
        int heads = config.GetPositive("num_attention_heads", defaults.Heads);
        // A null means as many as query heads in every family; a missing key may not.
        int missing = config.Kind("num_key_value_heads") == JsonValueKind.Null ? heads : defaults.KeyValueHeads ?? heads;
        int keyValueHeads = config.GetPositive("num_key_value_heads", missing);
        if (heads % keyValueHeads != 0)
            throw config.Fault("num_key_value_heads", $"is {keyValueHeads}, which does not divide num_attention_heads ({heads})");
        if (!config.Has("head_dim") && defaults.HeadSize is null && hidden % heads != 0)
            throw config.Fault("num_attention_heads", $"is {heads}, which does not divide hidden_size ({hidden}); give head_dim or correct one of them");
        int headSize = config.GetPositive("head_dim", defaults.HeadSize ?? hidden / heads);
        if (headSize % 2 != 0)
            throw config.Fault("head_dim", $"is {headSize}, expected an even number; the rotary embedding turns pairs");
        return new AttentionOptions(heads, keyValueHeads, headSize);
    }

    // The parts of LLaMA's descendants are called alike in all of them; of a family without such keys the parts are, too, but have none.
    private static BiasOptions Biases(JsonConfig config, DecoderDefaults defaults)
    {
        bool attention = defaults.HasAttentionBias && config.GetBool("attention_bias", false), mlp = defaults.HasMlpBias && config.GetBool("mlp_bias", false);
        return new BiasOptions(module => module.Contains(".self_attn.", StringComparison.Ordinal) ? attention : mlp);
    }

    private static int AllHeads(JsonConfig config, int heads, int headSize) =>
        (long)heads * headSize <= int.MaxValue
            ? heads * headSize
            : throw config.Fault("head_dim", $"is {headSize}, too much for {heads} heads; correct one of them");
}
