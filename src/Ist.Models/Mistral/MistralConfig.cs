using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>
/// Reads a Mistral's <c>config.json</c>, with the defaults of transformers' <c>configuration_mistral.py</c>. What the declared parts
/// do not compute is refused by name.
/// </summary>
internal static class MistralConfig
{
    private static readonly DecoderDefaults _defaults = new()
    {
        VocabSize = 32000,
        IntermediateSize = 14336,
        KeyValueHeads = 8,
        MaxPositions = 4096 * 32,
    };

    public static ModelConfig Read(JsonConfig config)
    {
        GateConfig.RequireSilu(config);
        return DecoderConfig.Read(config, _defaults, layers => WindowConfig.Everywhere(config, layers));
    }
}
