using System.Text;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>A LLaMA's config.json, as transformers 4 and 5 write it, and what is refused in it.</summary>
public sealed class LlamaConfigTests
{
    private const string Sizes = """
        "model_type": "llama", "hidden_size": 48, "intermediate_size": 88, "num_hidden_layers": 3, "num_attention_heads": 4, "vocab_size": 307
        """;

    [Fact]
    public void Defaults_are_those_of_transformers()
    {
        ModelConfig config = Read("{" + Sizes + "}");

        Assert.Equal((48, 88, 48, 48, 307), (Width<Model>(config), Width<Ffn>(config), Width<Query>(config), Width<KeyValue>(config), Width<Vocab>(config)));
        Assert.Equal(new AttentionOptions(4, 4, 12), config.Options.Of<AttentionOptions>());
        Assert.Equal(1e-6f, config.Options.Of<RmsNormOptions>().Epsilon);
        Assert.Equal((3, 2048, false, DType.F32), (config.Layers, config.MaxPositions, config.TiesWeights, config.DType));
    }

    [Theory]
    [InlineData("""
        "rope_theta": 500000.0, "rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 32}, "torch_dtype": "bfloat16"
        """, """
        "rope_parameters": {"rope_theta": 500000.0, "rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 32}, "dtype": "bfloat16"
        """)]
    [InlineData("""
        "rope_theta": 20000, "rope_scaling": {"type": "linear", "factor": 4.0}
        """, """
        "rope_parameters": {"rope_theta": 20000, "rope_type": "linear", "factor": 4.0}
        """)]
    [InlineData("""
        "rope_scaling": null
        """, """
        "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"}
        """)]
    public unsafe void Transformers_4_and_5_mean_the_same(string four, string five)
    {
        ModelConfig old = Read($"{{{Sizes}, {four}}}"), now = Read($"{{{Sizes}, {five}}}");

        Assert.Equal(old.DType, now.DType);
        Assert.Equal(Cosines(old), Cosines(now));
        Assert.Contains(Cosines(old), c => c is not (0 or 1));
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData(", \"attention_bias\": true", true, false)]
    [InlineData(", \"mlp_bias\": true", false, true)]
    [InlineData(", \"attention_bias\": true, \"mlp_bias\": true", true, true)]
    public void Biases(string keys, bool attention, bool mlp)
    {
        BiasOptions biases = Read("{" + Sizes + keys + "}").Options.Of<BiasOptions>();

        Assert.Equal((attention, mlp), (biases.Has("model.layers.1.self_attn.o_proj"), biases.Has("model.layers.1.mlp.down_proj")));
    }

    /// <summary>Within max_position_embeddings the base stays what it is.</summary>
    [Fact]
    public void Dynamic_scaling_changes_nothing_within_the_context() =>
        Assert.Equal(Cosines(Read("{" + Sizes + "}")), Cosines(Read("{" + Sizes + """, "rope_scaling": {"rope_type": "dynamic", "factor": 2}}""")));

    /// <summary>By the formulas of transformers' _compute_yarn_parameters, in double.</summary>
    [Theory]
    [InlineData(""" "factor": 4 """, 2048, 4, 1.1386294)]
    [InlineData(""" "factor": 2, "original_max_position_embeddings": 1024 """, 1024, 2, 1.0693147)]
    [InlineData(""" "factor": 8, "original_max_position_embeddings": 256, "beta_fast": 16, "beta_slow": 2, "attention_factor": 0.75 """, 256, 8, 0.75)]
    [InlineData(""" "factor": 4, "mscale": 2, "mscale_all_dim": 0.5, "truncate": false """, 2048, 4, 1.1944649)]
    public void Yarn_divides_what_turns_seldom(string settings, int context, double factor, double sharpening)
    {
        const double theta = 10000;
        const int turned = 12;
        ModelConfig config = Read("{" + Sizes + ", \"max_position_embeddings\": 2048, \"rope_scaling\": {\"rope_type\": \"yarn\", " + settings + "}}");
        float[] frequencies = config.Options.Of<RotaryAngles>().Frequencies.ToArray();
        (double fast, double slow) = settings.Contains("beta", StringComparison.Ordinal) ? (16, 2) : (32, 1);
        double first = turned * Math.Log(context / (fast * 2 * Math.PI)) / (2 * Math.Log(theta)), last = turned * Math.Log(context / (slow * 2 * Math.PI)) / (2 * Math.Log(theta));
        if (!settings.Contains("truncate", StringComparison.Ordinal))
            (first, last) = (Math.Floor(first), Math.Ceiling(last));

        for (int pair = 0; pair < turned / 2; pair++)
        {
            double frequency = Math.Pow(theta, -2.0 * pair / turned), part = Math.Clamp((pair - first) / (last - first), 0, 1);
            Assert.Equal(1, frequencies[pair] / (frequency * (1 - part) + frequency / factor * part), 1e-6);
        }
        Assert.Contains(frequencies.Select((f, pair) => f * Math.Pow(theta, 2.0 * pair / turned)), kept => kept > 1 / factor + 0.01 && kept < 0.99);
        Assert.Equal(sharpening, Cosines(config)[0], 1e-6);
    }

    [Fact]
    public unsafe void Linear_scaling_stretches_positions()
    {
        float[] plain = Cosines(Read("{" + Sizes + "}")), stretched = Cosines(Read("{" + Sizes + """, "rope_scaling": {"rope_type": "linear", "factor": 2}}"""));

        // Position 2 p under a factor of 2 has the angles of position p.
        for (int position = 0; position < 8; position++)
        {
            for (int i = 0; i < 6; i++)
                Assert.Equal(plain[position * 6 + i], stretched[2 * position * 6 + i], 1e-6f);
        }
    }

    [Theory]
    [InlineData("\"hidden_act\": \"gelu\"", "'hidden_act'", "'gelu'", "silu")]
    [InlineData("\"num_key_value_heads\": 3", "'num_key_value_heads'", "does not divide")]
    [InlineData("\"head_dim\": 13", "'head_dim'", "even")]
    [InlineData("\"hidden_size\": 0", "'hidden_size'", "positive")]
    [InlineData("\"hidden_size\": \"48\"", "'hidden_size'", "integer")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"longrope\", \"factor\": 2}", "'longrope'", "llama3")]
    [InlineData("\"max_position_embeddings\": 64, \"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4, \"original_max_position_embeddings\": 32}", "'rope_scaling.factor' is 4, but max_position_embeddings is 2 times the original (32)")]
    [InlineData("\"max_position_embeddings\": 64, \"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4, \"beta_fast\": 0}", "'rope_scaling.beta_fast' is 0, expected a positive number")]
    [InlineData("\"max_position_embeddings\": 64, \"rope_scaling\": {\"rope_type\": \"yarn\"}", "'rope_scaling.factor'")]
    [InlineData("\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": -2}", "'rope_scaling.factor' is -2")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"linear\"}", "factor")]
    [InlineData("\"rope_theta\": -1", "'rope_theta'", "positive")]
    [InlineData("\"head_dim\": 65536, \"num_attention_heads\": 65536", "head_dim", "too much for 65536 heads")]
    [InlineData("\"num_hidden_layers\": 0", "'num_hidden_layers'", "expected a positive number")]
    [InlineData("\"rms_norm_eps\": -1e-6", "'rms_norm_eps'", "expected 0 or more")]
    [InlineData("\"rope_theta\": 1e39", "'rope_theta'", "a number that F32 can hold")]
    [InlineData("\"torch_dtype\": \"float8_e4m3fn\"", "'torch_dtype'", "float8_e4m3fn")]
    public void What_the_parts_do_not_compute_is_refused_by_name(string field, params string[] expected)
    {
        // The field takes the place of the sizes that it names anew.
        string sizes = string.Join(',', Sizes.Split(',').Where(f => !field.Contains(f[..f.IndexOf(':')].Trim(), StringComparison.Ordinal)));

        InputException e = Assert.Throws<InputException>(() => Read($"{{{sizes}, {field}}}"));

        Assert.StartsWith("config.json: ", e.Message, StringComparison.Ordinal);
        Assert.All(expected, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Another_family_is_refused_with_those_there_are()
    {
        InputException e = Assert.Throws<InputException>(() => ModelFamilies.Of(JsonConfig.Parse("""{"model_type": "mamba"}"""u8, "config.json")));

        Assert.Contains("'mamba'", e.Message, StringComparison.Ordinal);
        Assert.Contains("llama", e.Message, StringComparison.Ordinal);
    }

    private static ModelConfig Read(string json)
    {
        JsonConfig config = JsonConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json");
        return ModelFamilies.Of(config).Read(config);
    }

    private static int Width<W>(ModelConfig config) where W : IWidth => config.Widths.Of<W>();

    private static unsafe float[] Cosines(ModelConfig config)
    {
        RotaryAngles angles = config.Options.Of<RotaryAngles>();
        using var device = new Runtime.Devices.CpuDevice(1);
        using var arena = Runtime.Devices.Arena.Create(device, Runtime.Devices.Purpose.Evaluation, config.Widths, 1, 16, arena => angles.Reserve(arena, 0));
        return new ReadOnlySpan<float>(angles.For(1).Cosines, 16 * angles.HeadSize / 2).ToArray();
    }
}
