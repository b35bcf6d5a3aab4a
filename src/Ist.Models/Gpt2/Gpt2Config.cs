using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a GPT-2's <c>config.json</c>, with the defaults of transformers' <c>configuration_gpt2.py</c>. What the declared parts
/// do not compute is refused by name.
/// </summary>
internal static class Gpt2Config
{
    public static ModelConfig Read(JsonConfig config)
    {
        config.Refuse("add_cross_attention", "attention to an encoder");
        int hidden = config.GetHidden(config.FirstOf("n_embd", "hidden_size"), 768);
        var settings = new GptSettings
        {
            Hidden = hidden,
            Inner = config.GetPositive("n_inner", 4 * hidden),
            Heads = config.GetPositive(config.FirstOf("n_head", "num_attention_heads"), 12),
            HeadsKey = config.FirstOf("n_head", "num_attention_heads"),
            Layers = config.GetPositive(config.FirstOf("n_layer", "num_hidden_layers"), 12),
            Vocab = config.GetPositive("vocab_size", 50257),
            MaxPositions = config.GetPositive(config.FirstOf("n_positions", "max_position_embeddings"), 1024),
            Epsilon = config.GetEpsilon("layer_norm_epsilon", 1e-5f),
            Activation = config.GetActivation("activation_function", "gelu_new"),
            Ties = true,
            Dropouts = [("resid_pdrop", 0.1), ("embd_pdrop", 0.1), ("attn_pdrop", 0.1)],
        };
        ModelConfig model = settings.Read(config);
        model.Options
            .Set(new PositionEmbeddingOptions(settings.MaxPositions))
            .Set(Scaled(config, model.Options.Of<AttentionOptions>(), settings.Layers));
        return model;
    }

    // scale_attn_weights: by 1 / sqrt(head size); scale_attn_by_inverse_layer_idx: by 1 / (layer + 1) as well.
    private static AttentionOptions Scaled(JsonConfig config, AttentionOptions attention, int layers)
    {
        double scale = config.GetBool("scale_attn_weights", true) ? 1 / Math.Sqrt(attention.HeadSize) : 1;
        return config.GetBool("scale_attn_by_inverse_layer_idx", false)
            ? attention with { Scales = [.. Enumerable.Range(1, layers).Select(layer => scale / layer)] }
            : attention with { Scale = scale };
    }
}
