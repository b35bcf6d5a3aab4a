using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Reads a LLaMA's <c>config.json</c>, as transformers 4 and 5 write it, with the defaults of transformers'
/// <c>configuration_llama.py</c>. What the declared parts do not compute is refused by name.
/// </summary>
internal static class LlamaConfig
{
    public static ModelConfig Read(JsonConfig config)
    {
        Refuse(config, "attention_bias", "biases of the attention projections");
        Refuse(config, "mlp_bias", "biases of the feed-forward projections");
        if (config.GetString("hidden_act", "silu") is var activation and not ("silu" or "swish"))
            throw config.Fault("hidden_act", $"is '{activation}', expected 'silu'; this family's feed-forward network is SwiGLU");
        if (config.GetDouble("attention_dropout", 0) != 0)
            throw config.Fault("attention_dropout", "is not 0; dropout of attention probabilities is not supported, set it to 0");

        int hidden = Positive(config, "hidden_size", 4096);
        int heads = Positive(config, "num_attention_heads", 32);
        int keyValueHeads = Positive(config, "num_key_value_heads", heads);
        if (heads % keyValueHeads != 0)
            throw config.Fault("num_key_value_heads", $"is {keyValueHeads}, which does not divide num_attention_heads ({heads})");
        if (!config.Has("head_dim") && hidden % heads != 0)
            throw config.Fault("num_attention_heads", $"is {heads}, which does not divide hidden_size ({hidden}); give head_dim or correct one of them");
        int headSize = Positive(config, "head_dim", hidden / heads);
        if (headSize % 2 != 0)
            throw config.Fault("head_dim", $"is {headSize}, expected an even number; the rotary embedding turns pairs");

        var widths = new Widths()
            .Set<Model>(hidden)
            .Set<Ffn>(Positive(config, "intermediate_size", 11008))
            .Set<Query>(AllHeads(config, heads, headSize))
            .Set<KeyValue>(AllHeads(config, keyValueHeads, headSize))
            .Set<Vocab>(Positive(config, "vocab_size", 32000));
        var options = new ModelOptions()
            .Set(new StackOptions(Positive(config, "num_hidden_layers", 32)))
            .Set(new RmsNormOptions(Epsilon(config)))
            .Set(new AttentionOptions(heads, keyValueHeads, headSize))
            .Set(RotaryConfig.Read(config, headSize));
        return new ModelConfig
        {
            Widths = widths,
            Options = options,
            TiesWeights = config.GetBool("tie_word_embeddings", false),
            InitializerRange = config.GetFloat("initializer_range", 0.02f),
            MaxPositions = Positive(config, "max_position_embeddings", 2048),
            DType = Precision(config),
        };
    }

    private static void Refuse(JsonConfig config, string key, string what)
    {
        if (config.GetBool(key, false))
            throw config.Fault(key, $"is true, but no part declares {what} yet; use a checkpoint without them");
    }

    private static int Positive(JsonConfig config, string key, int fallback)
    {
        int value = config.GetInt(key, fallback);
        return value > 0 ? value : throw config.Fault(key, $"is {value}, expected a positive number");
    }

    private static float Epsilon(JsonConfig config)
    {
        float value = config.GetFloat("rms_norm_eps", 1e-6f);
        return value >= 0 ? value : throw config.Fault("rms_norm_eps", "is negative, expected 0 or more");
    }

    private static int AllHeads(JsonConfig config, int heads, int headSize) =>
        (long)heads * headSize <= int.MaxValue
            ? heads * headSize
            : throw config.Fault("head_dim", $"is {headSize}, too much for {heads} heads; correct one of them");

    private static DType Precision(JsonConfig config)
    {
        string key = config.Has("dtype") ? "dtype" : "torch_dtype";
        return config.GetString(key, "float32") switch
        {
            "float32" => DType.F32,
            "float16" => DType.F16,
            "bfloat16" => DType.BF16,
            var other => throw config.Fault(key, $"is '{other}', expected 'float32', 'float16' or 'bfloat16'"),
        };
    }
}
