using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a BLOOM's <c>config.json</c>, with the defaults of transformers' <c>configuration_bloom.py</c>. Positions have no end; the
/// length that the model was trained on is <c>seq_length</c> in published files.
/// </summary>
internal static class BloomConfig
{
    public static ModelConfig Read(JsonConfig config)
    {
        int hidden = config.GetHidden(config.FirstOf("n_embed", "hidden_size"), 64);
        var settings = new GptSettings
        {
            Hidden = hidden,
            Inner = 4 * hidden,
            Heads = config.GetPositive(config.FirstOf("num_attention_heads", "n_head"), 8),
            HeadsKey = config.FirstOf("num_attention_heads", "n_head"),
            Layers = config.GetPositive(config.FirstOf("num_hidden_layers", "n_layer"), 2),
            Vocab = config.GetPositive("vocab_size", 250880),
            MaxPositions = config.GetPositive("seq_length", 2048),
            Epsilon = config.GetEpsilon("layer_norm_epsilon", 1e-5f),
            Activation = ActivationFunction.GeluTanh,
            Ties = true,
            Dropouts = [("hidden_dropout", 0), ("attention_dropout", 0)],
        };
        ModelConfig model = settings.Read(config);
        model.Options
            .Set(model.Options.Of<AttentionOptions>() with { Alibi = true })
            .Set(new BloomVariant(config.GetBool("apply_residual_connection_post_layernorm", false)));
        return model;
    }
}
