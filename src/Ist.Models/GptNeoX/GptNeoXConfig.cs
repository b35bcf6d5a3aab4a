using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a GPT-NeoX' <c>config.json</c>, with the defaults of transformers' <c>configuration_gpt_neox.py</c>. What the declared
/// parts do not compute is refused by name.
/// </summary>
internal static class GptNeoXConfig
{
    public static ModelConfig Read(JsonConfig config)
    {
        var settings = new GptSettings
        {
            Hidden = config.GetHidden("hidden_size", 6144),
            Inner = config.GetPositive("intermediate_size", 24576),
            Heads = config.GetPositive("num_attention_heads", 64),
            HeadsKey = "num_attention_heads",
            Layers = config.GetPositive("num_hidden_layers", 44),
            Vocab = config.GetPositive("vocab_size", 50432),
            MaxPositions = config.GetPositive("max_position_embeddings", 2048),
            Epsilon = config.GetEpsilon("layer_norm_eps", 1e-5f),
            Activation = config.GetActivation("hidden_act", "gelu"),
            Ties = false,
            Dropouts = [("attention_dropout", 0), ("hidden_dropout", 0)],
        };
        ModelConfig model = settings.Read(config);
        model.Options
            .Set(GptNeoXRotaryConfig.Read(config, model.Options.Of<AttentionOptions>().HeadSize))
            .Set(new BiasOptions(config.GetBool("attention_bias", true)))
            .Set(new GptNeoXVariant(config.GetBool("use_parallel_residual", true)));
        return model;
    }
}
