using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Reads a Mixtral's <c>config.json</c>, with the defaults of transformers' <c>configuration_mixtral.py</c>. What the declared parts
/// do not compute is refused by name.
/// </summary>
internal static class MixtralConfig
{
    private static readonly DecoderDefaults _defaults = new()
    {
        VocabSize = 32000,
        IntermediateSize = 14336,
        KeyValueHeads = 8,
        MaxPositions = 4096 * 32,
        Epsilon = 1e-5f,
        RotaryTheta = 1e6f,
    };

    public static ModelConfig Read(JsonConfig config)
    {
        GateConfig.RequireSilu(config);
        if (config.GetDouble("router_jitter_noise", 0) != 0)
            throw config.Fault("router_jitter_noise", "is not 0; noise on what the router reads is not supported, set it to 0");
        ModelConfig model = DecoderConfig.Read(config, _defaults, layers => WindowConfig.EverywhereIfGiven(config, layers));
        int experts = config.GetPositive("num_local_experts", 8), chosen = config.GetPositive("num_experts_per_tok", 2);
        if (chosen > experts)
            throw config.Fault("num_experts_per_tok", $"is {chosen}, more than there are experts (num_local_experts is {experts})");
        model.Widths
            .Set<Experts>(experts)
            .Set<Chosen>(chosen)
            .Set<Routes>(checked(3 * chosen))
            .Set<Routed<Model>>(Copies(config, "hidden_size", chosen, model.Widths.Of<Model>()))
            .Set<Routed<Ffn>>(Copies(config, "intermediate_size", chosen, model.Widths.Of<Ffn>()));
        // Hugging Face adds the balance to the loss where it returns the router's logits.
        float coefficient = config.GetBool("output_router_logits", false) ? config.GetFloat("router_aux_loss_coef", 0.001f) : 0;
        model.Options.Set(new RouterBalance(model.Layers, experts, coefficient));
        return model;
    }

    private static int Copies(JsonConfig config, string key, int chosen, int width) =>
        (long)chosen * width <= int.MaxValue
            ? chosen * width
            : throw config.Fault("num_experts_per_tok", $"is {chosen}, too much for {width} elements ({key}); correct one of them");
}
