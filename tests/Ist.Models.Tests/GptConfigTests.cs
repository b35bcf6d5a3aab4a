using System.Text;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>config.json of GPT-style families: transformers' defaults, other names for the same, and what is refused.</summary>
public sealed class GptConfigTests
{
    [Theory]
    [InlineData("gpt2", 768, 3072, 12, 12, 50257, 1024, true, ActivationFunction.GeluTanh)]
    [InlineData("gptj", 4096, 16384, 16, 28, 50400, 2048, false, ActivationFunction.GeluTanh)]
    [InlineData("gpt_neox", 6144, 24576, 64, 44, 50432, 2048, false, ActivationFunction.Gelu)]
    [InlineData("bloom", 64, 256, 8, 2, 250880, 2048, true, ActivationFunction.GeluTanh)]
    [InlineData("opt", 768, 3072, 12, 12, 50272, 2048, true, ActivationFunction.Relu)]
    public void Defaults(string family, int hidden, int inner, int heads, int layers, int vocab, int positions, bool ties, ActivationFunction activation)
    {
        ModelConfig config = Read(family, "");

        Assert.Equal((hidden, inner, vocab), (config.Widths.Of<Model>(), config.Widths.Of<Ffn>(), config.Widths.Of<Vocab>()));
        Assert.Equal((hidden, hidden, 3 * hidden), (config.Widths.Of<Query>(), config.Widths.Of<KeyValue>(), config.Widths.Of<QueryKeyValue>()));
        AttentionOptions attention = config.Options.Of<AttentionOptions>();
        Assert.Equal((heads, heads, hidden / heads), (attention.Heads, attention.KeyValueHeads, attention.HeadSize));
        Assert.Equal(1 / Math.Sqrt(hidden / heads), attention.ScaleOf(1));
        Assert.Equal(family == "bloom", attention.Alibi);
        Assert.Equal((layers, positions, ties, 0.02f), (config.Layers, config.MaxPositions, config.TiesWeights, config.InitializerRange));
        Assert.Equal(activation, config.Options.Of<ActivationOptions>().Function);
        Assert.Equal(1e-5f, config.Options.Of<LayerNormOptions>().Epsilon);
    }

    [Theory]
    [InlineData("gptj", "", 256, 64)]
    [InlineData("gptj", """, "rotary_dim": 2""", 256, 2)]
    [InlineData("gpt_neox", "", 96, 24)]
    [InlineData("gpt_neox", """, "rotary_pct": 1, "partial_rotary_factor": 0.5""", 96, 96)]
    [InlineData("gpt_neox", """, "partial_rotary_factor": 0.5""", 96, 48)]
    [InlineData("gpt_neox", """, "rotary_pct": 1, "rope_parameters": {"rope_theta": 10000, "partial_rotary_factor": 0.5, "rope_type": "default"}""", 96, 48)]
    public void Turned_elements_of_a_head(string family, string keys, int headSize, int turned)
    {
        RotaryAngles angles = Read(family, keys).Options.Of<RotaryAngles>();
        Assert.Equal((headSize, turned), (angles.HeadSize, angles.Turned));
    }

    [Theory]
    [InlineData(""", "rotary_emb_base": 500""", 500)]
    [InlineData(""", "rope_theta": 500""", 500)]
    [InlineData(""", "rotary_emb_base": 500, "rope_theta": 600""", 500)]
    [InlineData(""", "rotary_emb_base": 500, "rope_parameters": {"rope_theta": 700}""", 700)]
    [InlineData("", 10000)]
    public void Base_of_a_GPT_NeoX(string keys, double theta) =>
        Assert.Equal(Math.Pow(theta, -2.0 / 24), Read("gpt_neox", keys).Options.Of<RotaryAngles>().Frequencies[1], 1e-6);

    [Fact]
    public void Frequencies_of_a_GPT_NeoX_are_scaled()
    {
        RotaryAngles angles = Read("gpt_neox", """, "rope_scaling": {"type": "linear", "factor": 4}""").Options.Of<RotaryAngles>();
        Assert.Equal(0.25f, angles.Frequencies[0]);
    }

    [Theory]
    [InlineData("gpt2", """, "hidden_size": 24, "num_attention_heads": 3, "num_hidden_layers": 5, "max_position_embeddings": 9""", 24, 3, 5, 9)]
    [InlineData("gpt2", """, "n_embd": 24, "n_head": 3, "n_layer": 5, "n_positions": 9, "n_ctx": 7""", 24, 3, 5, 9)]
    [InlineData("bloom", """, "n_embed": 24, "num_attention_heads": 3, "n_layer": 5, "seq_length": 9""", 24, 3, 5, 9)]
    [InlineData("bloom", """, "hidden_size": 24, "n_head": 3, "num_hidden_layers": 5, "seq_length": 9""", 24, 3, 5, 9)]
    public void Other_names_of_sizes(string family, string keys, int hidden, int heads, int layers, int positions)
    {
        ModelConfig config = Read(family, keys);
        Assert.Equal((hidden, heads, layers, positions), (config.Widths.Of<Model>(), config.Options.Of<AttentionOptions>().Heads, config.Layers, config.MaxPositions));
    }

    [Theory]
    [InlineData("gpt2", "", "'resid_pdrop', 'embd_pdrop', 'attn_pdrop' are not 0")]
    [InlineData("gpt2", """, "resid_pdrop": 0, "embd_pdrop": 0, "attn_pdrop": 0""", null)]
    [InlineData("gptj", "", null)]
    [InlineData("bloom", """, "hidden_dropout": 0.1""", "'hidden_dropout' is not 0")]
    [InlineData("opt", "", "'dropout' is not 0")]
    [InlineData("llama", """, "attention_dropout": 0.1""", "'attention_dropout' is not 0")]
    [InlineData("phi", """, "attention_dropout": 0.1, "resid_pdrop": 0.1""", "'attention_dropout', 'resid_pdrop' are not 0")]
    [InlineData("phi3", """, "embd_pdrop": 0.1""", "'embd_pdrop' is not 0")]
    [InlineData("qwen3", "", null)]
    public void Dropout_inside_the_model_is_told_of(string family, string keys, string? expected)
    {
        string? told = Read(family, keys).TrainingWarnings.SingleOrDefault();
        Assert.Equal(expected is null ? null : $"config.json: {expected}, but training does without dropout inside the model; an adapter's own dropout works", told);
    }

    [Theory]
    [InlineData("gpt2", """ "n_head": 5 """, "'n_head' is 5, which does not divide the hidden size (768)")]
    [InlineData("gpt2", """ "add_cross_attention": true """, "'add_cross_attention' is true")]
    [InlineData("gpt2", """ "activation_function": "mish" """, "'activation_function' is 'mish', expected one of gelu, ")]
    [InlineData("gpt2", """ "n_embd": 1000000000 """, "'n_embd' is 1000000000, expected at most 536870911")]
    [InlineData("gpt2", """ "layer_norm_epsilon": -1 """, "'layer_norm_epsilon' is negative")]
    [InlineData("gptj", """ "rotary_dim": null """, "'rotary_dim' is null")]
    [InlineData("gptj", """ "rotary_dim": 258 """, "'rotary_dim' is 258, expected an even number of 2 to 256")]
    [InlineData("gpt_neox", """ "rotary_pct": 0.01 """, "'rotary_pct' is 0.01, expected a number up to 1 that makes an even number of a head's 96 elements")]
    [InlineData("gpt_neox", """ "rotary_emb_base": 0 """, "'rotary_emb_base' is 0, expected a positive number")]
    [InlineData("gpt_neox", """ "rope_scaling": {"type": "su"} """, "'rope_scaling.type' is 'su'")]
    [InlineData("bloom", """ "n_head": 7 """, "'n_head' is 7, which does not divide the hidden size (64)")]
    [InlineData("bloom", """ "num_attention_heads": 7 """, "'num_attention_heads' is 7, which does not divide")]
    [InlineData("opt", """ "layer_norm_elementwise_affine": false """, "'layer_norm_elementwise_affine' is false")]
    [InlineData("opt", """ "word_embed_proj_dim": 512 """, "'word_embed_proj_dim' is not hidden_size, which is supported with do_layer_norm_before false only")]
    public void What_is_refused(string family, string keys, string message)
    {
        var fault = Assert.Throws<InputException>(() => Read(family, ", " + keys));

        Assert.StartsWith("config.json: ", fault.Message);
        Assert.Contains(message, fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private static ModelConfig Read(string family, string keys)
    {
        var json = JsonConfig.Parse(Encoding.UTF8.GetBytes($$"""{"model_type": "{{family}}"{{keys}}}"""), "config.json");
        return ModelFamilies.Of(json).Read(json);
    }
}
