using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a Gemma 2's <c>config.json</c>, with the defaults of transformers' <c>configuration_gemma2.py</c>. What the declared parts
/// do not compute is refused by name.
/// </summary>
internal static class Gemma2Config
{
    private static readonly DecoderDefaults _defaults = new()
    {
        VocabSize = 256000,
        HiddenSize = 2304,
        IntermediateSize = 9216,
        Layers = 26,
        Heads = 8,
        KeyValueHeads = 4,
        HeadSize = 256,
        MaxPositions = 8192,
        TiesWeights = true,
        HasAttentionBias = true,
    };

    public static ModelConfig Read(JsonConfig config)
    {
        config.Refuse("use_bidirectional_attention", "attention to later tokens");
        GateConfig.RequireTanhGelu(config, "hidden_activation");
        ModelConfig model = DecoderConfig.Read(config, _defaults, layers => WindowConfig.EverySecond(config, layers));
        double scalar = config.GetDouble("query_pre_attn_scalar", 256);
        if (!(scalar > 0))
            throw config.Fault("query_pre_attn_scalar", $"is {scalar}, expected a positive number");
        model.Options
            .Set(model.Options.Of<AttentionOptions>() with { Scale = 1 / Math.Sqrt(scalar), Softcap = Cap(config, "attn_logit_softcapping", 50) })
            .Set(new SoftCapOptions((float?)Cap(config, "final_logit_softcapping", 30)));
        return model;
    }

    // A null switches the cap off; a key that is missing means the default.
    private static double? Cap(JsonConfig config, string key, double fallback)
    {
        if (config.Kind(key) == JsonValueKind.Null)
            return null;
        double cap = config.GetFloat(key, (float)fallback);
        return cap > 0 ? cap : throw config.Fault(key, $"is {cap}, expected a positive number, or null for no cap");
    }
}
