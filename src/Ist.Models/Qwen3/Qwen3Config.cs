using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a Qwen3's <c>config.json</c>, with the defaults of transformers' <c>configuration_qwen3.py</c>. What the declared parts
/// do not compute is refused by name.
/// </summary>
internal static class Qwen3Config
{
    private static readonly DecoderDefaults _defaults = new()
    {
        VocabSize = 151936,
        IntermediateSize = 22016,
        KeyValueHeads = 32,
        HeadSize = 128,
        MaxPositions = 32768,
        HasAttentionBias = true,
    };

    public static ModelConfig Read(JsonConfig config)
    {
        GateConfig.RequireSilu(config);
        return DecoderConfig.Read(config, _defaults, layers => WindowConfig.ByLayer(config, layers));
    }
}
