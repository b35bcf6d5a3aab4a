using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a LLaMA's <c>config.json</c>, with the defaults of transformers' <c>configuration_llama.py</c>. What the declared parts
/// do not compute is refused by name.
/// </summary>
internal static class LlamaConfig
{
    private static readonly DecoderDefaults _defaults = new()
    {
        VocabSize = 32000,
        IntermediateSize = 11008,
        MaxPositions = 2048,
        HasAttentionBias = true,
        HasMlpBias = true,
    };

    public static ModelConfig Read(JsonConfig config)
    {
        GateConfig.RequireSilu(config);
        return DecoderConfig.Read(config, _defaults);
    }
}
