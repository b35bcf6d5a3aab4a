using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a GPT-J's <c>config.json</c>, with the defaults of transformers' <c>configuration_gptj.py</c>. What the declared parts
/// do not compute is refused by name.
/// </summary>
internal static class GptJConfig
{
    private const float Theta = 10000;

    public static ModelConfig Read(JsonConfig config)
    {
        int hidden = config.GetHidden(config.FirstOf("n_embd", "hidden_size"), 4096);
        var settings = new GptSettings
        {
            Hidden = hidden,
            Inner = config.GetPositive("n_inner", 4 * hidden),
            Heads = config.GetPositive(config.FirstOf("n_head", "num_attention_heads"), 16),
            HeadsKey = config.FirstOf("n_head", "num_attention_heads"),
            Layers = config.GetPositive(config.FirstOf("n_layer", "num_hidden_layers"), 28),
            Vocab = config.GetPositive("vocab_size", 50400),
            MaxPositions = config.GetPositive(config.FirstOf("n_positions", "max_position_embeddings"), 2048),
            Epsilon = config.GetEpsilon("layer_norm_epsilon", 1e-5f),
            Activation = config.GetActivation("activation_function", "gelu_new"),
            Ties = false,
            Dropouts = [("resid_pdrop", 0), ("embd_pdrop", 0), ("attn_pdrop", 0)],
        };
        ModelConfig model = settings.Read(config);
        int headSize = model.Options.Of<AttentionOptions>().HeadSize;
        model.Options.Set(new RotaryAngles(headSize, Theta, null, Turned(config, headSize)));
        return model;
    }

    private static int Turned(JsonConfig config, int headSize)
    {
        if (config.Kind("rotary_dim") == JsonValueKind.Null)
            throw config.Fault("rotary_dim", $"is null, which transformers can't compute either; give the elements of a head that are turned, at most {headSize}");
        int turned = config.GetInt("rotary_dim", 64);
        return turned > 0 && turned % 2 == 0 && turned <= headSize
            ? turned
            : throw config.Fault("rotary_dim", $"is {turned}, expected an even number of 2 to {headSize}, the size of a head");
    }
}
