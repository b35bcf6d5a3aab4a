using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Ist.Models.Tests.Golden;
using Ist.Runtime.Data;
using Ist.Runtime.Models;

namespace Ist.Models.Tests.Matrix;

/// <summary>The rows of the matrix: a tiny model of each declaration, with random weights.</summary>
public sealed class MatrixModels : IDisposable
{
    private const int VocabSize = 23, LabelCount = 3;

    private static readonly SortedDictionary<string, string> _configs = new(StringComparer.Ordinal)
    {
        ["bert"] = """{"model_type": "bert", "hidden_size": 12, "num_attention_heads": 2, "intermediate_size": 20, "id2label": {"0": "A", "1": "B", "2": "C"}}""",
        ["bloom"] = """{"model_type": "bloom", "hidden_size": 12, "n_head": 3, "n_layer": 3}""",
        ["bloom-normed"] = """{"model_type": "bloom", "hidden_size": 12, "n_head": 2, "n_layer": 3, "apply_residual_connection_post_layernorm": true}""",
        ["gemma"] = """{"model_type": "gemma", "hidden_size": 12, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8, "intermediate_size": 20}""",
        ["gemma2"] = """
            {"model_type": "gemma2", "hidden_size": 12, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8, "intermediate_size": 20, "sliding_window": 3,
             "attn_logit_softcapping": 2.0, "final_logit_softcapping": 3.0, "query_pre_attn_scalar": 5}
            """,
        ["gpt2"] = """{"model_type": "gpt2", "n_embd": 12, "n_head": 2, "n_layer": 3, "n_inner": 20}""",
        ["gptj"] = """{"model_type": "gptj", "n_embd": 12, "n_head": 2, "n_layer": 3, "n_inner": 20, "rotary_dim": 4}""",
        ["gptneox"] = """{"model_type": "gpt_neox", "hidden_size": 12, "num_attention_heads": 2, "intermediate_size": 20, "rotary_pct": 0.34}""",
        ["gptneox-sequential"] = """{"model_type": "gpt_neox", "hidden_size": 12, "num_attention_heads": 2, "intermediate_size": 20, "rotary_pct": 1.0, "use_parallel_residual": false}""",
        ["llama"] = """{"model_type": "llama", "hidden_size": 12, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4, "intermediate_size": 20}""",
        ["llama-biased"] = """
            {"model_type": "llama", "hidden_size": 12, "num_attention_heads": 2, "intermediate_size": 20, "attention_bias": true, "mlp_bias": true, "tie_word_embeddings": true}
            """,
        ["mistral"] = """{"model_type": "mistral", "hidden_size": 12, "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 20, "sliding_window": 3}""",
        // All experts are chosen: where a choice is near to another one, a step would change it, and the loss leaps.
        ["mixtral"] = """
            {"model_type": "mixtral", "hidden_size": 12, "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 20, "num_local_experts": 3,
             "num_experts_per_tok": 3}
            """,
        ["opt"] = """{"model_type": "opt", "hidden_size": 12, "num_attention_heads": 2, "ffn_dim": 20, "activation_function": "gelu"}""",
        ["opt-post-norm"] = """{"model_type": "opt", "hidden_size": 12, "num_attention_heads": 2, "ffn_dim": 20, "activation_function": "gelu", "do_layer_norm_before": false}""",
        ["opt-projected"] = """
            {"model_type": "opt", "hidden_size": 12, "num_attention_heads": 2, "ffn_dim": 20, "activation_function": "gelu", "do_layer_norm_before": false,
             "word_embed_proj_dim": 8}
            """,
        ["opt-without-final-norm"] = """
            {"model_type": "opt", "hidden_size": 12, "num_attention_heads": 2, "ffn_dim": 20, "activation_function": "gelu", "_remove_final_layer_norm": true}
            """,
        ["phi"] = """{"model_type": "phi", "hidden_size": 12, "num_attention_heads": 2, "intermediate_size": 20, "partial_rotary_factor": 0.67}""",
        ["phi3"] = """{"model_type": "phi3", "hidden_size": 12, "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 20, "partial_rotary_factor": 0.67}""",
        ["qwen2"] = """
            {"model_type": "qwen2", "hidden_size": 12, "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 20, "tie_word_embeddings": true}
            """,
        ["qwen3"] = """{"model_type": "qwen3", "hidden_size": 12, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8, "intermediate_size": 20}""",
        ["roberta"] = """{"model_type": "roberta", "hidden_size": 12, "num_attention_heads": 2, "intermediate_size": 20, "id2label": {"0": "A", "1": "B", "2": "C"}}""",
    };

    private readonly ConcurrentDictionary<string, Lazy<RandomCheckpoint>> _checkpoints = new(StringComparer.Ordinal);

    /// <summary>Layers of every model's stack.</summary>
    public const int Layers = 3;

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => _configs.Keys;

    /// <summary>A model's family.</summary>
    public static IModelFamily Family(string name)
    {
        string type = (string)JsonNode.Parse(_configs[name])!["model_type"]!;
        return ModelFamilies.All.Single(family => family.ModelType == type);
    }

    /// <summary>A model's folder.</summary>
    internal RandomCheckpoint Checkpoint(string name) => _checkpoints.GetOrAdd(name, key => new(() => new RandomCheckpoint(Complete(_configs[key]), spread: 1))).Value;

    /// <summary>Two texts, of which the second is shorter; the first tokens of each are a prompt that is not learnt.</summary>
    internal static Batch Batch(ModelUnderTest model)
    {
        long[] ids = [3, 17, 5, 9, 22, 4, 8, 8, 20, 1, 0, 0], mask = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0];
        var batch = new Batch(2, 6, model.Model.Contents.VirtualTokens);
        if (model.Model is ISequenceClassifier)
            batch.FillClassified(ids, mask, [], [2, 0], 6, VocabSize, LabelCount);
        else
            batch.Fill(ids, mask, [-100, -100, 5, 9, 22, 4, -100, 8, 20, 1, -100, -100], 2, 6, VocabSize);
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Lazy<RandomCheckpoint> checkpoint in _checkpoints.Values)
            checkpoint.Value.Dispose();
    }

    // What all have alike, under the keys that any family reads.
    private static string Complete(string config)
    {
        var json = (JsonObject)JsonNode.Parse(config)!;
        json["vocab_size"] = VocabSize;
        if (!json.ContainsKey("n_layer"))
            json["num_hidden_layers"] = Layers;
        json["max_position_embeddings"] = 40;
        return json.ToJsonString();
    }
}
