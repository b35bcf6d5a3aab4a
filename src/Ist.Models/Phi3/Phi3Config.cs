using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Reads the <c>config.json</c> of a Phi-3 or Phi-4, with the defaults of transformers' <c>configuration_phi3.py</c>. What the
/// declared parts do not compute is refused by name.
/// </summary>
internal static class Phi3Config
{
    private static readonly DecoderDefaults _defaults = new()
    {
        VocabSize = 32064,
        HiddenSize = 3072,
        IntermediateSize = 8192,
        MaxPositions = 4096,
        Epsilon = 1e-5f,
    };

    public static ModelConfig Read(JsonConfig config)
    {
        GateConfig.RequireSilu(config);
        ModelConfig model = DecoderConfig.Read(
            config, _defaults, layers => WindowConfig.EverywhereIfGiven(config, layers), headSize => Phi3RotaryConfig.Read(config, headSize, _defaults),
            "resid_pdrop", "embd_pdrop");
        int inner = model.Widths.Of<Ffn>(), query = model.Widths.Of<Query>(), keyValue = model.Widths.Of<KeyValue>();
        if (inner > int.MaxValue / 2)
            throw config.Fault("intermediate_size", $"is {inner}, too much for a fused projection of twice as many; correct it");
        if (query + 2L * keyValue > int.MaxValue)
            throw config.Fault("num_attention_heads", "is too much for a fused projection of queries, keys and values; correct it");
        model.Widths.Set<GateUp>(2 * inner).Set<QueryKeyValue>(query + 2 * keyValue);
        return model;
    }
}
