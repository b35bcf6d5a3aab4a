using System.Text;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;

namespace Ist.Models.Tests;

/// <summary>Numbers in <c>config.json</c> that no model can have.</summary>
public sealed class LlamaConfigTests
{
    [Theory]
    [InlineData("\"num_attention_heads\": 65536, \"head_dim\": 65536", "head_dim", "too much for 65536 heads")]
    [InlineData("\"num_hidden_layers\": 0", "num_hidden_layers", "expected a positive number")]
    [InlineData("\"num_key_value_heads\": 5", "num_key_value_heads", "does not divide num_attention_heads")]
    [InlineData("\"rms_norm_eps\": -1e-6", "rms_norm_eps", "expected 0 or more")]
    [InlineData("\"rope_theta\": 1e39", "rope_theta", "a number that F32 can hold")]
    public void Is_refused(string values, string key, string why)
    {
        JsonConfig config = JsonConfig.Parse(Encoding.UTF8.GetBytes($$"""{"model_type": "llama", {{values}}}"""), "config.json");

        InputException e = Assert.Throws<InputException>(() => ModelFamilies.Of(config).Read(config));

        Assert.Contains($"config.json: '{key}'", e.Message, StringComparison.Ordinal);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }
}
