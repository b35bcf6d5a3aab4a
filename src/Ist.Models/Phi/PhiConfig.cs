using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a Phi's <c>config.json</c>, with the defaults of transformers' <c>configuration_phi.py</c>. What the declared parts do
/// not compute is refused by name.
/// </summary>
internal static class PhiConfig
{
    private const double DefaultPart = 0.5;

    private static readonly DecoderDefaults _defaults = new()
    {
        VocabSize = 51200,
        HiddenSize = 2048,
        IntermediateSize = 8192,
        Layers = 24,
        MaxPositions = 2048,
    };

    public static ModelConfig Read(JsonConfig config)
    {
        config.Refuse("qk_layernorm", "norms of queries and keys");
        ModelConfig model = DecoderConfig.Read(config, _defaults, rotary: headSize => Rotary(config, headSize), dropouts: ["resid_pdrop", "embd_pdrop"]);
        model.Options
            .Set(new LayerNormOptions(config.GetEpsilon("layer_norm_eps", 1e-5f)))
            .Set(new ActivationOptions(config.GetActivation("hidden_act", "gelu_new")));
        return model;
    }

    private static RotaryAngles Rotary(JsonConfig config, int headSize)
    {
        (float theta, JsonConfig? scaling) = RotaryConfig.Theta(config, _defaults.RotaryTheta);
        JsonConfig at = scaling is not null && scaling.Has("partial_rotary_factor") ? scaling : config;
        int turned = RotaryConfig.Turned(at, "partial_rotary_factor", DefaultPart, headSize);
        return new RotaryAngles(headSize, theta, scaling is null ? null : RotaryConfig.Scaling(config, scaling, theta, turned), turned);
    }
}
