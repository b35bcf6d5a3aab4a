using System.Globalization;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Reads the <c>config.json</c> of BERT and of what descends from it, as a classifier of sequences, with the defaults of transformers'
/// <c>configuration_bert.py</c>, which <c>configuration_roberta.py</c> shares.
/// </summary>
internal static class EncoderConfig
{
    private const string SingleLabel = "single_label_classification";

    /// <param name="config">The file.</param>
    /// <param name="firstPosition">The row of the table of positions at which a text begins.</param>
    public static ModelConfig Read(JsonConfig config, int firstPosition)
    {
        RefuseOthers(config);
        int hidden = config.GetPositive("hidden_size", 768), heads = config.GetPositive("num_attention_heads", 12);
        if (hidden % heads != 0)
            throw config.Fault("num_attention_heads", $"is {heads}, which does not divide hidden_size ({hidden})");
        IReadOnlyList<string> labels = LabelNames(config);
        int positions = config.GetPositive("max_position_embeddings", 512);
        if (positions <= firstPosition)
            throw config.Fault("max_position_embeddings", $"is {positions}, expected more than {firstPosition}, at which a text begins");
        return new ModelConfig
        {
            Widths = new Widths()
                .Set<Model>(hidden)
                .Set<Ffn>(config.GetPositive("intermediate_size", 3072))
                .Set<Query>(hidden)
                .Set<KeyValue>(hidden)
                .Set<Vocab>(config.GetPositive("vocab_size", 30522))
                .Set<Labels>(labels.Count),
            Options = new ModelOptions()
                .Set(new StackOptions(config.GetPositive("num_hidden_layers", 12)))
                .Set(new LayerNormOptions(config.GetFloat("layer_norm_eps", 1e-12f)))
                .Set(new AttentionOptions(heads, heads, hidden / heads))
                .Set(new ActivationOptions(config.GetActivation("hidden_act", "gelu")))
                .Set(new PositionEmbeddingOptions(positions, firstPosition))
                .Set(new TokenTypeOptions(config.GetPositive("type_vocab_size", 2))),
            TiesWeights = false,
            InitializerRange = config.GetFloat("initializer_range", 0.02f),
            MaxPositions = positions - firstPosition,
            DType = config.GetDType(),
            LabelNames = labels,
            TrainingWarnings = config.WarnOfDropout([("hidden_dropout_prob", 0.1), ("attention_probs_dropout_prob", 0.1), ("classifier_dropout", 0)]),
        };
    }

    private static void RefuseOthers(JsonConfig config)
    {
        if (config.GetString("position_embedding_type", "absolute") is var kind and not "absolute")
            throw config.Fault("position_embedding_type", $"is '{kind}', expected 'absolute'; relative positions are not supported");
        config.Refuse("is_decoder", "an encoder that is used as a decoder");
        config.Refuse("add_cross_attention", "cross-attention");
        if (config.GetString("problem_type", SingleLabel) is var problem and not SingleLabel)
            throw config.Fault("problem_type", $"is '{problem}', expected '{SingleLabel}'; regression and several labels at once are not supported");
    }

    // Without labels of its own a checkpoint has the two of transformers' default, LABEL_0 and LABEL_1.
    private static string[] LabelNames(JsonConfig config)
    {
        JsonConfig? names = config.GetObjectOrNull("id2label");
        int count = names?.Keys.Count() ?? config.GetPositive("num_labels", 2);
        if (count < 2)
            throw config.Fault("id2label", $"names {count} labels, expected two or more; regression is not supported");
        return [.. Enumerable.Range(0, count).Select(i => names?.GetString(i.ToString(CultureInfo.InvariantCulture)) ?? $"LABEL_{i}")];
    }
}
