using System.Text.Json.Nodes;
using Ist.Models.Tests.Golden;
using Ist.Models.Tests.Reference;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>
/// Configurations of decoders that no stored numbers cover, against plain code in double precision, which in turn is held
/// against the stored numbers.
/// </summary>
public sealed class DecoderVariantTests
{
    // As FiniteDifferenceTests, but small enough that few elements cross the kink of relu.
    private const double Step = 1e-3;

    public static TheoryData<string> Checkpoints => ["gpt2", "gptj", "gptneox", "gptneox-seq", "bloom", "opt", "llama-mha", "mistral-swa", "qwen2", "qwen3", "gemma", "gemma2", "phi3", "mixtral"];

    public static TheoryData<string, string> Variants => new()
    {
        { "gpt2", """{"scale_attn_weights": false}""" },
        { "gpt2", """{"scale_attn_by_inverse_layer_idx": true, "n_inner": 37, "activation_function": "relu"}""" },
        { "gpt2", """{"tie_word_embeddings": false, "n_embd": 30, "n_head": 2, "layer_norm_epsilon": 0.01}""" },
        { "gptj", """{"tie_word_embeddings": true, "rotary_dim": 12, "activation_function": "silu"}""" },
        { "gptj", """{"rotary_dim": 2, "n_head": 3, "n_inner": 51, "activation_function": "gelu"}""" },
        { "gptneox", """{"attention_bias": false, "rotary_pct": 0.5, "rotary_emb_base": 500, "hidden_act": "gelu_new"}""" },
        { "gptneox", """{"tie_word_embeddings": true, "num_attention_heads": 6, "rotary_pct": 1.0}""" },
        { "gptneox-seq", """{"attention_bias": false, "num_attention_heads": 2, "rotary_pct": 0.25}""" },
        { "gptneox", """{"model_type": "phi", "partial_rotary_factor": 0.5, "hidden_act": "gelu_new", "num_key_value_heads": 3}""" },
        { "gptneox", """{"model_type": "phi", "partial_rotary_factor": 1.0, "num_attention_heads": 6, "num_key_value_heads": 2, "tie_word_embeddings": true}""" },
        { "bloom", """{"apply_residual_connection_post_layernorm": true}""" },
        { "bloom", """{"n_head": 3, "tie_word_embeddings": false, "layer_norm_epsilon": 0.001}""" },
        { "bloom", """{"n_head": 4, "hidden_size": 36}""" },
        { "opt", """{"do_layer_norm_before": false}""" },
        { "opt", """{"do_layer_norm_before": false, "word_embed_proj_dim": 20}""" },
        { "opt", """{"_remove_final_layer_norm": true, "activation_function": "gelu_fast"}""" },
        { "opt", """{"enable_bias": false, "tie_word_embeddings": false}""" },
        { "llama-mha", """{"attention_bias": true, "mlp_bias": true}""" },
        { "llama-mha", """{"mlp_bias": true, "num_key_value_heads": 2, "head_dim": 8, "tie_word_embeddings": true, "rope_theta": 300, "pretraining_tp": 2}""" },
        { "llama-mha", """{"attention_bias": true, "num_key_value_heads": 1, "head_dim": 20, "rms_norm_eps": 0.01, "use_cache": false}""" },
        { "mistral-swa", """{"sliding_window": null, "head_dim": 10, "num_key_value_heads": 3, "tie_word_embeddings": true, "hidden_size": 46}""" },
        { "qwen2", """{"tie_word_embeddings": false, "use_sliding_window": true, "sliding_window": 3, "layer_types": ["full_attention", "sliding_attention", "full_attention"]}""" },
        { "qwen2", """{"layer_types": null, "use_sliding_window": true, "sliding_window": 3, "max_window_layers": 2, "num_key_value_heads": 6}""" },
        { "qwen3", """{"attention_bias": true, "tie_word_embeddings": false, "head_dim": 6, "num_key_value_heads": 4}""" },
        { "qwen3", """{"use_sliding_window": true, "sliding_window": 4, "layer_types": ["sliding_attention", "full_attention", "sliding_attention"]}""" },
        { "gemma", """{"attention_bias": true}""" },
        { "gemma2", """{"attention_bias": true, "num_hidden_layers": 2, "layer_types": null}""" },
        { "gemma", """{"num_key_value_heads": 2, "head_dim": 6, "rope_theta": 500, "rms_norm_eps": 0.01}""" },
        { "gemma", """{"tie_word_embeddings": false, "num_key_value_heads": 4, "head_dim": 20, "intermediate_size": 33}""" },
        { "gemma2", """{"attn_logit_softcapping": null, "final_logit_softcapping": null, "sliding_window": 3}""" },
        { "gemma2", """{"layer_types": ["full_attention", "sliding_attention", "sliding_attention", "full_attention"], "query_pre_attn_scalar": 7, "attn_logit_softcapping": 1.5, "final_logit_softcapping": 2.5}""" },
        { "gemma2", """{"tie_word_embeddings": false, "num_attention_heads": 6, "num_key_value_heads": 3, "head_dim": 10}""" },
        { "phi3", """{"sliding_window": 4, "num_key_value_heads": 4, "tie_word_embeddings": true}""" },
        { "phi3", """{"partial_rotary_factor": 0.5, "num_key_value_heads": 1, "intermediate_size": 33}""" },
        { "phi3", """{"original_max_position_embeddings": 8, "rope_scaling": {"type": "longrope", "short_factor": [1, 1, 1, 1, 1, 1], "long_factor": [1, 1.5, 2, 3, 4, 8]}}""" },
        { "phi3", """{"original_max_position_embeddings": 64, "partial_rotary_factor": 0.7, "rope_scaling": {"type": "longrope", "short_factor": [1, 1.5, 2, 3], "long_factor": [1, 1, 1, 1]}}""" },
        { "mixtral", """{"num_local_experts": 6, "num_experts_per_tok": 3, "sliding_window": 5, "rope_theta": 100}""" },
        { "mixtral", """{"num_local_experts": 3, "num_experts_per_tok": 1, "tie_word_embeddings": true, "output_router_logits": true}""" },
        { "mixtral", """{"output_router_logits": true, "router_aux_loss_coef": 0.5, "head_dim": 8, "intermediate_size": 33}""" },
    };

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void The_reference_is_transformers(string checkpoint)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using Batch batch = golden.Batch(new Widths().Set<Vocab>(int.MaxValue));
        double[] expected = golden.Doubles("logits64");
        int row = 0;
        foreach (double[] logits in Reference(golden.Folder, batch).SelectMany(text => text))
        {
            if (logits.Length > 0)
                Assert.Equal(0, expected.AsSpan(row * logits.Length, logits.Length).ToArray().Zip(logits, (a, b) => Math.Abs(a - b)).Max(), 1e-5);
            row++;
        }
        Assert.Equal(batch.Rows, row);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Logits(string checkpoint, string changes)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using RandomCheckpoint folder = RandomCheckpoint.Of(golden.Folder, changes);
        using var model = new ModelUnderTest(folder.Path, new NoPeftOptions(), golden);

        model.Forward();

        int row = 0;
        foreach (double[] logits in Reference(folder.Path, model.Batch).SelectMany(text => text))
        {
            if (logits.Length > 0)
                Tolerance.Within(2e-5, logits, model.LogitsOf(row), $"logits of row {row}");
            row++;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public unsafe void Slope_along_the_gradient(string checkpoint, string changes)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using RandomCheckpoint folder = RandomCheckpoint.Of(golden.Folder, changes);
        using var model = new ModelUnderTest(folder.Path, new FullOptions(), golden);

        model.ForwardBackward();
        Parameter[] parameters = model.Parameters.All.ToArray();
        float[][] direction = [.. parameters.Select(p => new ReadOnlySpan<float>(p.Gradient, (int)p.Count).ToArray())];
        double norm = Math.Sqrt(direction.Sum(d => d.Sum(g => (double)g * g)));

        Assert.All(parameters, p => Assert.True(new ReadOnlySpan<float>(p.Gradient, (int)p.Count).IndexOfAnyExcept(0f) >= 0, p.Key));
        Assert.Equal(norm, (LossAt(+Step) - LossAt(-2 * Step)) / (2 * Step), norm * 2e-3);

        double LossAt(double step)
        {
            for (int i = 0; i < parameters.Length; i++)
            {
                for (int j = 0; j < direction[i].Length; j++)
                    parameters[i].Value[j] += (float)(step * direction[i][j] / norm);
            }
            return model.Forward();
        }
    }

    // The logits of each row of each text; none where the row is padding.
    private static unsafe IEnumerable<double[][]> Reference(string folder, Batch batch)
    {
        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;
        int longest = Enumerable.Range(0, batch.Sequences).Max(b => batch.End[b] - batch.Start[b]);
        IReadOnlyDictionary<string, double[]> weights = ReferenceWeights.Of(folder);
        Func<int[], double[][]> logitsOf = config.ContainsKey("rms_norm_eps")
            ? ids => new ReferenceGatedDecoder(config, weights).Logits(ids, longest)
            : new ReferenceDecoder(config, weights).Logits;
        var texts = new List<double[][]>();
        for (int b = 0; b < batch.Sequences; b++)
        {
            (int start, int end) = (batch.Start[b], batch.End[b]);
            double[][] logits = logitsOf(new ReadOnlySpan<int>(batch.Tokens + b * batch.Time + start, end - start).ToArray());
            texts.Add([.. Enumerable.Range(0, batch.Time).Select(t => t >= start && t < end ? logits[t - start] : [])]);
        }
        return texts;
    }
}
