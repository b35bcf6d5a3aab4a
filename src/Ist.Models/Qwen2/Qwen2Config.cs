using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a Qwen2's <c>config.json</c>, with the defaults of transformers' <c>configuration_qwen2.py</c>. What the declared parts
/// do not compute is refused by name.
/// </summary>
internal static class Qwen2Config
{
    private static readonly DecoderDefaults _defaults = new()
    {
        VocabSize = 151936,
        IntermediateSize = 22016,
        KeyValueHeads = 32,
        MaxPositions = 32768,
    };

    public static ModelConfig Read(JsonConfig config)
    {
        GateConfig.RequireSilu(config);
        return DecoderConfig.Read(config, _defaults, layers => WindowConfig.ByLayer(config, layers));
    }
}
