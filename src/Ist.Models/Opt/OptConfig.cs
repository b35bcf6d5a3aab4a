using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Reads an OPT's <c>config.json</c>, with the defaults of transformers' <c>configuration_opt.py</c>. What the declared parts do
/// not compute is refused by name.
/// </summary>
internal static class OptConfig
{
    // OPT's table of positions begins with two rows that no position has.
    private const int Offset = 2;

    public static ModelConfig Read(JsonConfig config)
    {
        if (!config.GetBool("layer_norm_elementwise_affine", true))
            throw config.Fault("layer_norm_elementwise_affine", "is false, but no part declares norms without weights; use a checkpoint with them");
        int hidden = config.GetHidden("hidden_size", 768), embedding = config.GetPositive("word_embed_proj_dim", hidden);
        var settings = new GptSettings
        {
            Hidden = hidden,
            Inner = config.GetPositive("ffn_dim", 3072),
            Heads = config.GetPositive("num_attention_heads", 12),
            HeadsKey = "num_attention_heads",
            Layers = config.GetPositive("num_hidden_layers", 12),
            Vocab = config.GetPositive("vocab_size", 50272),
            MaxPositions = config.GetPositive("max_position_embeddings", 2048),
            Activation = config.GetActivation("activation_function", "relu"),
            InitializerKey = "init_std",
            Ties = true,
            Dropouts = [("dropout", 0.1), ("attention_dropout", 0), ("layerdrop", 0)],
        };
        ModelConfig model = settings.Read(config);
        model.Widths.Set<WordEmbedding>(embedding);
        model.Options
            .Set(new PositionEmbeddingOptions(checked(settings.MaxPositions + Offset), Offset))
            .Set(new BiasOptions(config.GetBool("enable_bias", true)))
            .Set(Variant(config, projects: embedding != hidden));
        return model;
    }

    private static OptVariant Variant(JsonConfig config, bool projects)
    {
        bool normsFirst = config.GetBool("do_layer_norm_before", true);
        if (projects && normsFirst)
            throw config.Fault("word_embed_proj_dim", "is not hidden_size, which is supported with do_layer_norm_before false only (OPT-350m); set one of them");
        return new OptVariant(normsFirst, normsFirst && !config.GetBool("_remove_final_layer_norm", false), projects);
    }
}
