using System.Text.Json;
using Ist.Cli.Tests.Support;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;

namespace Ist.Cli.Tests;

/// <summary><c>ist trace</c> against what transformers and peft computed, within their own F32 error.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama-mha")]
    [InlineData("llama-gqa-tied-rope3")]
    public void A_plain_model_with_the_gradients_of_its_weights(string checkpoint)
    {
        string golden = TinyModel.Golden(checkpoint);

        Command.Run("trace", "--model", golden, "--input", Path.Combine(golden, "golden.safetensors"), "--output", _folder["out"], "--gradients", "all").Succeeded();

        Compare(golden, expectGradients: true);
    }

    [Theory]
    [InlineData("llama-mha", "lora")]
    [InlineData("llama-mha", "lora_qv")]
    [InlineData("llama-mha", "lora_patterns")]
    [InlineData("llama-mha", "rslora")]
    [InlineData("llama-gqa-tied-rope3", "lora")]
    [InlineData("llama-gqa-tied-rope3", "rslora")]
    [InlineData("llama-mha", "dora")]
    [InlineData("llama-mha", "dora_rs")]
    [InlineData("llama-mha", "ia3")]
    [InlineData("llama-gqa-tied-rope3", "dora")]
    [InlineData("llama-gqa-tied-rope3", "ia3")]
    [InlineData("llama-mha", "prefix")]
    [InlineData("llama-mha", "prompt")]
    [InlineData("llama-gqa-tied-rope3", "prefix")]
    [InlineData("llama-gqa-tied-rope3", "prompt")]
    [InlineData("qwen2", "prefix")]
    public void An_adapter_with_its_gradients(string checkpoint, string adapter)
    {
        string golden = TinyModel.Golden(checkpoint, "peft", adapter);

        Command.Run("trace", "--model", TinyModel.Golden(checkpoint), "--adapter", golden, "--input", Path.Combine(golden, "golden.safetensors"), "--output", _folder["out"]).Succeeded();

        Compare(golden, expectGradients: true);
    }

    [Fact]
    public void No_gradients_where_none_are_wanted()
    {
        string golden = TinyModel.Golden();

        Command.Run("trace", "--model", golden, "--input", Path.Combine(golden, "golden.safetensors"), "--output", _folder["out"]).Succeeded();

        Compare(golden, expectGradients: false);
    }

    private void Compare(string golden, bool expectGradients)
    {
        using var expected = new SafeTensorsFile(Path.Combine(golden, "golden.safetensors"));
        using var actual = new SafeTensorsFile(_folder["out"]);
        string[] gradients = expectGradients ? [.. expected.Tensors.Keys.Where(k => k.StartsWith("grad.", StringComparison.Ordinal))] : [];
        Assert.Equal([.. gradients.Select(Key), "logits", "loss"], actual.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(actual.Tensors.Values, entry => Assert.Equal(DType.F32, entry.DType));

        double loss = Doubles(expected, "loss64")[0];
        Assert.Empty(actual.Tensors["loss"].Shape);
        Assert.Equal(loss, Doubles(actual, "loss")[0], loss * 2e-6);

        double[] logits = Doubles(expected, "logits64");
        Assert.Equal(expected.Tensors["logits64"].Shape.AsSpan(), actual.Tensors["logits"].Shape.AsSpan());
        long[] mask = new long[expected.Tensors["attention_mask"].Count];
        expected.CopyTo(expected.Tensors["attention_mask"], mask);
        // Padded places mean nothing; virtual tokens stand before all others.
        (int time, int rows, int vocab) = ((int)expected.Tensors["attention_mask"].Shape[1], (int)expected.Tensors["logits64"].Shape[1], (int)expected.Tensors["logits64"].Shape[2]);
        bool IsReal(int row) => row % rows - (rows - time) is var token && (token < 0 || mask[row / rows * time + token] == 1);
        AssertNear(LogitsTolerance(golden), logits, Doubles(actual, "logits"), i => IsReal(i / vocab), "logits");

        foreach (string gradient in gradients)
        {
            double[] values = Doubles(expected, gradient);
            AssertNear(GradientTolerance(golden) * values.Max(Math.Abs), values, Doubles(actual, Key(gradient)), _ => true, gradient);
        }
    }

    // DoRA's magnitude has a suffix in PyTorch that its key in a file lacks, and virtual tokens have another name.
    private static string Key(string gradient) => gradient.Replace(".lora_magnitude_vector.weight", ".lora_magnitude_vector", StringComparison.Ordinal)
        .Replace("prompt_encoder.embedding.weight", "prompt_embeddings", StringComparison.Ordinal);

    // PyTorch's own F32 is up to 1.7e-5 away with rsLoRA's large scale, else much nearer.
    private static double GradientTolerance(string golden) =>
        Errors(golden).TryGetProperty("grad_worst", out JsonElement worst) ? Math.Max(3e-5, 4 * worst.GetProperty("rel").GetDouble()) : 3e-5;

    private static JsonElement Errors(string golden) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(golden, "golden.json"))).RootElement.GetProperty("errors");

    private static double LogitsTolerance(string golden)
    {
        JsonElement errors = Errors(golden);
        JsonElement logits = errors.TryGetProperty("logits", out JsonElement found) ? found : errors.GetProperty("fp32_vs_fp64_logits");
        return Math.Max(2e-5, 4 * logits.GetProperty("abs").GetDouble());
    }

    private static void AssertNear(double allowed, double[] expected, double[] actual, Func<int, bool> counts, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (counts(i))
                Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"{what}[{i}] is {actual[i]}, expected {expected[i]} within {allowed}");
        }
    }

    private static double[] Doubles(SafeTensorsFile file, string name)
    {
        TensorEntry entry = file.Tensors[name];
        double[] values = new double[entry.Count];
        if (entry.DType == DType.F64)
        {
            file.CopyTo(entry, values);
            return values;
        }
        float[] floats = new float[entry.Count];
        file.CopyTo(entry, floats);
        return Array.ConvertAll(floats, f => (double)f);
    }
}
