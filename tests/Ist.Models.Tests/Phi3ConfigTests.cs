using System.Text;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>What a Phi-3's config.json says of fused widths and rotary embeddings.</summary>
public sealed class Phi3ConfigTests
{
    private const string Small = """ "hidden_size": 48, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 88""";
    private const string Factors = """ "short_factor": [1, 1.5, 2, 2.5, 3, 4], "long_factor": [2, 4, 8, 16, 32, 64]""";

    [Fact]
    public void Fused_projections_have_the_widths_of_what_they_hold()
    {
        ModelConfig config = Read(Small);

        Assert.Equal((48 + 24 + 24, 176), (config.Widths.Of<QueryKeyValue>(), config.Widths.Of<GateUp>()));
    }

    [Theory]
    [InlineData(""", "rope_scaling": {"type": "su", """, "}")]
    [InlineData(""", "rope_scaling": {"type": "yarn", """, "}")]
    [InlineData(""", "rope_scaling": {"rope_type": "longrope", """, "}")]
    [InlineData(""", "rope_theta": 7, "rope_parameters": {"rope_type": "longrope", "rope_theta": 10000.0, "original_max_position_embeddings": 4096, """, "}")]
    public void LongRope_divides_each_pair_and_sharpens_attention(string before, string after)
    {
        RotaryAngles angles = Angles(Small + ", \"max_position_embeddings\": 131072" + before + Factors + after);

        Assert.Equal(4096, angles.LongFrom);
        // Hugging Face: 1 / (factor * theta^(2i / 12)) in float32.
        Assert.Equal(1f / (2.5f * (float)Math.Pow(10000, 2f * 3 / 12)), angles.For(4096).Frequencies[3]);
        Assert.Equal(1f / (16f * (float)Math.Pow(10000, 2f * 3 / 12)), angles.For(4097).Frequencies[3]);
        Assert.Equal((float)Math.Sqrt(1 + Math.Log(32) / Math.Log(4096)), Cosine(angles), 1e-7f);
    }

    [Theory]
    [InlineData(""" "max_position_embeddings": 4096""", "", 1f)]
    [InlineData(""" "max_position_embeddings": 131072""", """ "attention_factor": 1.25, """, 1.25f)]
    public void Attention_is_sharpened_as_far_as_the_context_grew_or_as_said(string keys, string inside, float factor) =>
        Assert.Equal(factor, Cosine(Angles($"{Small}, {keys}, \"rope_scaling\": {{\"type\": \"longrope\", {inside}{Factors}}}")));

    [Theory]
    [InlineData(""", "partial_rotary_factor": 0.5""", 6)]
    [InlineData(""", "partial_rotary_factor": 0.75, "head_dim": 16""", 12)]
    [InlineData(""", "rope_parameters": {"partial_rotary_factor": 0.5, "rope_type": "default"}""", 6)]
    public void A_part_of_a_head_is_turned(string keys, int turned)
    {
        RotaryAngles angles = Angles(Small + keys);

        Assert.Equal(turned, angles.Turned);
        Assert.Null(angles.LongFrom);
    }

    private static unsafe float Cosine(RotaryAngles angles)
    {
        using var device = new Runtime.Devices.CpuDevice(1);
        using var arena = Runtime.Devices.Arena.Create(device, Runtime.Devices.Purpose.Evaluation, new Widths(), 1, 1, arena => angles.Reserve(arena, 0));
        return angles.For(1).Cosines[0];
    }

    private static RotaryAngles Angles(string keys) => Read(keys).Options.Of<RotaryAngles>();

    private static ModelConfig Read(string keys) =>
        new Phi3Family().Read(JsonConfig.Parse(Encoding.UTF8.GetBytes($"{{{keys}}}"), "config.json"));
}
