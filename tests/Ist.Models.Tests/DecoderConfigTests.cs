using System.Text;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>config.json of Llama's descendants: transformers' defaults, windows, and what is refused.</summary>
public sealed class DecoderConfigTests
{
    [Theory]
    [InlineData("llama", 32000, 11008, 32, 128, 2048, null)]
    [InlineData("mistral", 32000, 14336, 8, 128, 131072, 4096)]
    [InlineData("qwen2", 151936, 22016, 32, 128, 32768, null)]
    [InlineData("qwen3", 151936, 22016, 32, 128, 32768, null)]
    public void Defaults(string family, int vocab, int inner, int keyHeads, int headSize, int positions, int? window)
    {
        ModelConfig config = Read(family, "");

        Assert.Equal(4096, config.Widths.Of<Model>());
        Assert.Equal(inner, config.Widths.Of<Ffn>());
        Assert.Equal(vocab, config.Widths.Of<Vocab>());
        Assert.Equal(32 * headSize, config.Widths.Of<Query>());
        Assert.Equal(keyHeads * headSize, config.Widths.Of<KeyValue>());
        Assert.Equal(32, config.Layers);
        Assert.Equal(1e-6f, config.Options.Of<RmsNormOptions>().Epsilon);
        Assert.Equal((32, keyHeads, headSize), Heads(config));
        Assert.Equal(Enumerable.Repeat(window, 32), Windows(config));
        Assert.Equal((false, 0.02f, positions, DType.F32), (config.TiesWeights, config.InitializerRange, config.MaxPositions, config.DType));
    }

    [Theory]
    [InlineData("gemma", 256000, 3072, 24576, 28, 16, 16, 256, 8192, true)]
    [InlineData("gemma2", 256000, 2304, 9216, 26, 8, 4, 256, 8192, true)]
    [InlineData("phi3", 32064, 3072, 8192, 32, 32, 32, 96, 4096, false)]
    [InlineData("mixtral", 32000, 4096, 14336, 32, 32, 8, 128, 131072, false)]
    public void Defaults_of_other_sizes(
        string family, int vocab, int hidden, int inner, int layers, int heads, int keyHeads, int headSize, int positions, bool ties)
    {
        ModelConfig config = Read(family, "");

        Assert.Equal((vocab, hidden, inner, layers), (config.Widths.Of<Vocab>(), config.Widths.Of<Model>(), config.Widths.Of<Ffn>(), config.Layers));
        Assert.Equal((heads, keyHeads, headSize), Heads(config));
        Assert.Equal((positions, ties), (config.MaxPositions, config.TiesWeights));
    }

    [Theory]
    [InlineData("", 0.0625, 50.0, 30f)]
    [InlineData(""", "query_pre_attn_scalar": 4, "attn_logit_softcapping": null, "final_logit_softcapping": null""", 0.5, null, null)]
    public void Caps_and_scale_of_Gemma2(string keys, double scale, double? cap, float? finalCap)
    {
        ModelConfig config = Read("gemma2", keys);

        Assert.Equal((scale, cap), (config.Options.Of<AttentionOptions>().ScaleOf(3), config.Options.Of<AttentionOptions>().Softcap));
        Assert.Equal(finalCap, config.Options.Of<SoftCapOptions>().Cap);
    }

    [Theory]
    [InlineData("", 8, 2, 0f)]
    [InlineData(""", "num_local_experts": 5, "num_experts_per_tok": 3, "router_aux_loss_coef": 0.5""", 5, 3, 0f)]
    [InlineData(""", "output_router_logits": true""", 8, 2, 0.001f)]
    [InlineData(""", "output_router_logits": true, "router_aux_loss_coef": 0.5""", 8, 2, 0.5f)]
    public void Experts_and_balance_of_Mixtral(string keys, int experts, int chosen, float coefficient)
    {
        ModelConfig config = Read("mixtral", keys);

        Assert.Equal((experts, chosen, 3 * chosen), (config.Widths.Of<Experts>(), config.Widths.Of<Chosen>(), config.Widths.Of<Routes>()));
        Assert.Equal((chosen * 4096, chosen * 14336), (config.Widths.Of<Routed<Model>>(), config.Widths.Of<Routed<Ffn>>()));
        Assert.Equal(coefficient, config.Options.Of<RouterBalance>().Coefficient);
        Assert.Equal(1e-5f, config.Options.Of<RmsNormOptions>().Epsilon);
        // theta 1e6
        Assert.Equal(1f / (float)Math.Pow(1e6, 2f / 128), config.Options.Of<RotaryAngles>().Frequencies[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""", "hidden_act": "gelu", "hidden_activation": "gelu_pytorch_tanh" """)]
    [InlineData(""", "hidden_act": "gelu_new", "hidden_activation": null""")]
    public void Gelus_of_Gemma(string keys) => Assert.Equal(28, Read("gemma", keys).Layers);

    [Theory]
    [InlineData("mistral", """, "hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2""", 4, 2, 16)]
    [InlineData("mistral", """, "hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": null, "head_dim": 24""", 4, 4, 24)]
    [InlineData("qwen2", """, "hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": null""", 4, 4, 16)]
    [InlineData("qwen3", """, "hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 1""", 4, 1, 128)]
    [InlineData("qwen3", """, "hidden_size": 50, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16""", 4, 2, 16)]
    public void Head_counts_and_sizes(string family, string keys, int heads, int keyHeads, int headSize)
    {
        ModelConfig config = Read(family, keys);

        Assert.Equal((heads, keyHeads, headSize), Heads(config));
        Assert.Equal(heads * headSize, config.Widths.Of<Query>());
        Assert.Equal(keyHeads * headSize, config.Widths.Of<KeyValue>());
    }

    [Theory]
    [InlineData("mistral", """ "sliding_window": null """, "- - - -")]
    [InlineData("mistral", """ "sliding_window": 7 """, "7 7 7 7")]
    [InlineData("qwen2", """ "sliding_window": 7 """, "- - - -")]
    [InlineData("qwen2", """ "use_sliding_window": true, "sliding_window": null, "max_window_layers": 1 """, "- - - -")]
    [InlineData("qwen2", """ "use_sliding_window": true, "sliding_window": 7, "max_window_layers": 3 """, "- - - 7")]
    [InlineData("qwen2", """ "use_sliding_window": true, "sliding_window": 7 """, "- - - -")]
    [InlineData("qwen3", """ "use_sliding_window": true, "max_window_layers": 0 """, "4096 4096 4096 4096")]
    [InlineData("gemma", """ "sliding_window": 7 """, "- - - -")]
    [InlineData("phi3", "", "- - - -")]
    [InlineData("mixtral", "", "- - - -")]
    [InlineData("mixtral", """ "sliding_window": 7 """, "7 7 7 7")]
    [InlineData("phi3", """ "sliding_window": 2047 """, "2047 2047 2047 2047")]
    [InlineData("gemma2", """ "sliding_window": 7 """, "7 - 7 -")]
    [InlineData("gemma2", """ "layer_types": ["full_attention", "sliding_attention", "full_attention", "sliding_attention"] """, "- 4096 - 4096")]
    [InlineData("gemma2", """ "sliding_window": null, "layer_types": ["full_attention", "full_attention", "full_attention", "full_attention"] """, "- - - -")]
    [InlineData("qwen3", """ "layer_types": ["full_attention", "full_attention", "full_attention", "full_attention"] """, "- - - -")]
    [InlineData("qwen3", """ "use_sliding_window": true, "sliding_window": 7, "max_window_layers": 4, "layer_types": ["sliding_attention", "full_attention", "sliding_attention", "full_attention"] """, "7 - 7 -")]
    public void Windows_by_layer(string family, string keys, string expected)
    {
        ModelConfig config = Read(family, """, "num_hidden_layers": 4""" + (keys.Length == 0 ? "" : ", " + keys));

        Assert.Equal(expected, string.Join(' ', Windows(config).Select(w => w?.ToString() ?? "-")));
    }

    [Theory]
    [InlineData("mistral", """ "sliding_window": 0 """, "'sliding_window' is 0, expected a positive number")]
    [InlineData("mistral", """ "num_key_value_heads": 5 """, "'num_key_value_heads' is 5, which does not divide num_attention_heads (32)")]
    [InlineData("mistral", """ "hidden_act": "gelu" """, "'hidden_act' is 'gelu', expected 'silu'")]
    [InlineData("qwen2", """ "layer_types": ["full_attention"] """, "'layer_types' has 1 elements, expected one for each of the 32 layers")]
    [InlineData("qwen2", """ "num_hidden_layers": 1, "layer_types": ["linear_attention"] """, "'layer_types' has 'linear_attention'")]
    [InlineData("qwen2", """ "num_hidden_layers": 1, "sliding_window": 7, "layer_types": ["sliding_attention"] """, "set use_sliding_window to true")]
    [InlineData("qwen3", """ "head_dim": 15 """, "'head_dim' is 15, expected an even number")]
    [InlineData("gemma", """ "hidden_activation": "gelu" """, "'hidden_activation' is 'gelu', expected 'gelu_pytorch_tanh'")]
    [InlineData("gemma", """ "hidden_act": "silu" """, "'hidden_act' is 'silu', expected 'gelu_pytorch_tanh'")]
    [InlineData("gemma", """ "hidden_act": "gelu" """, "set hidden_activation to 'gelu_pytorch_tanh'")]
    [InlineData("gemma", """ "use_bidirectional_attention": true """, "'use_bidirectional_attention' is true")]
    [InlineData("gemma2", """ "sliding_window": null """, "'sliding_window' is null, but every second layer has a window")]
    [InlineData("gemma2", """ "num_hidden_layers": 1, "sliding_window": null, "layer_types": ["sliding_attention"] """, "but there is no window; give sliding_window")]
    [InlineData("gemma2", """ "final_logit_softcapping": 0 """, "'final_logit_softcapping' is 0, expected a positive number, or null for no cap")]
    [InlineData("mixtral", """ "num_experts_per_tok": 3, "num_local_experts": 2 """, "'num_experts_per_tok' is 3, more than there are experts (num_local_experts is 2)")]
    [InlineData("mixtral", """ "router_jitter_noise": 0.1 """, "'router_jitter_noise' is not 0")]
    [InlineData("phi3", """ "partial_rotary_factor": 0.2 """, "'partial_rotary_factor' is 0.2, expected a number up to 1 that makes an even number of a head's 96 elements")]
    [InlineData("phi3", """ "rope_scaling": {"type": "linear", "factor": 2} """, "'rope_scaling.type' is 'linear', expected 'default' or 'longrope'")]
    [InlineData("phi3", """ "rope_scaling": {"type": "longrope", "short_factor": [1, 2]} """, "'rope_scaling.short_factor' has 2 numbers, expected one for each of the 48 pairs")]
    [InlineData("phi3", """ "hidden_size": 4, "num_attention_heads": 1, "rope_scaling": {"type": "longrope", "short_factor": [1, 2], "long_factor": [1, -2]} """, "'rope_scaling.long_factor' has a number that is not positive")]
    [InlineData("phi3", """ "rope_scaling": {"type": "longrope", "short_factor": 1} """, "'rope_scaling.short_factor' is the number 1, expected a list of numbers")]
    [InlineData("gemma2", """ "query_pre_attn_scalar": -1 """, "'query_pre_attn_scalar' is -1, expected a positive number")]
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

    private static (int, int, int) Heads(ModelConfig config)
    {
        AttentionOptions attention = config.Options.Of<AttentionOptions>();
        return (attention.Heads, attention.KeyValueHeads, attention.HeadSize);
    }

    private static IEnumerable<int?> Windows(ModelConfig config) =>
        Enumerable.Range(0, config.Layers).Select(config.Options.Of<AttentionOptions>().WindowOf);
}
