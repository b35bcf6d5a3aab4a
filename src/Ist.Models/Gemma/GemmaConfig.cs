using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a Gemma's <c>config.json</c>, with the defaults of transformers' <c>configuration_gemma.py</c>. What the declared parts
/// do not compute is refused by name.
/// </summary>
internal static class GemmaConfig
{
    private static readonly DecoderDefaults _defaults = new()
    {
        VocabSize = 256000,
        HiddenSize = 3072,
        IntermediateSize = 24576,
        Layers = 28,
        Heads = 16,
        KeyValueHeads = 16,
        HeadSize = 256,
        MaxPositions = 8192,
        TiesWeights = true,
        HasAttentionBias = true,
    };

    public static ModelConfig Read(JsonConfig config)
    {
        config.Refuse("use_bidirectional_attention", "attention to later tokens");
        RequireGelu(config);
        return DecoderConfig.Read(config, _defaults);
    }

    // Without hidden_activation, transformers before 4.48 takes gelu_pytorch_tanh whatever hidden_act says, and later versions hidden_act.
    private static void RequireGelu(JsonConfig config)
    {
        if (config.Has("hidden_activation"))
            GateConfig.RequireTanhGelu(config, "hidden_activation");
        else if (config.GetStringOrNull("hidden_act") == "gelu")
            throw config.Fault("hidden_act", "is 'gelu' without hidden_activation, which versions of transformers read differently; set hidden_activation to 'gelu_pytorch_tanh', with which Gemma was trained");
        else
            GateConfig.RequireTanhGelu(config, "hidden_act");
    }
}
