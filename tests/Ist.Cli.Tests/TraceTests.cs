using System.Text.Json;
using Ist.Cli.Tests.Support;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;
using Ist.TestSupport;

namespace Ist.Cli.Tests;

/// <summary><c>ist trace</c> against what transformers and peft computed, within their own F32 error.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The checkpoints whose numbers there are.</summary>
    public static TheoryData<string> Checkpoints => [.. Directory.GetDirectories(TinyModel.Golden("")).Select(folder => Path.GetFileName(folder)!)];

    /// <summary>Adapters of every one, by their folders in it.</summary>
    public static TheoryData<string, string> Adapters =>
    [
        .. Checkpoints.SelectMany(row => Directory.GetDirectories(TinyModel.Golden(row.Data, "peft")).Select(folder => (row.Data, "peft/" + Path.GetFileName(folder))))
            // Has the gradients of a network that is not in the file.
            .Where(row => row.Item2 != "peft/prefix_proj"),
        .. ((string[])["bert-cls", "gpt2", "gptj", "roberta-cls"]).SelectMany(checkpoint => ((string[])["houlsby", "parallel", "pfeiffer"]).Select(name => (checkpoint, "adapters/" + name))),
    ];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void A_plain_model_with_the_gradients_of_its_weights(string checkpoint)
    {
        string golden = TinyModel.Golden(checkpoint);

        Command.Run("trace", "--model", golden, "--input", Path.Combine(golden, "golden.safetensors"), "--output", _folder["out"], "--gradients", "all").Succeeded();

        Compare(golden, expectGradients: true);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void An_adapter_with_its_gradients(string checkpoint, string adapter)
    {
        string golden = TinyModel.Golden(checkpoint, adapter.Split('/'));

        Result result = Command.Run("trace", "--model", TinyModel.Golden(checkpoint), "--adapter", golden, "--input", Path.Combine(golden, "golden.safetensors"), "--output", _folder["out"]);

        if (adapter.EndsWith("bias_only", StringComparison.Ordinal))
        {
            Assert.Contains("peft does not save the biases of bias=lora_only", result.Error, StringComparison.Ordinal);
            return;
        }
        result.Succeeded();
        Compare(golden, expectGradients: true);
    }

    [Theory]
    [InlineData("llama-mha", "adalora", "ADALORA")]
    [InlineData("llama-mha", "adaption", "ADAPTION_PROMPT")]
    [InlineData("llama-mha", "loha", "LOHA")]
    [InlineData("llama-mha", "lokr", "LOKR")]
    [InlineData("llama-mha", "oft", "OFT")]
    [InlineData("llama-mha", "ptuning", "P_TUNING")]
    [InlineData("roberta-cls", "ptuning", "P_TUNING")]
    public void An_adapter_of_another_method_is_refused_by_name(string checkpoint, string adapter, string type)
    {
        string golden = SharedFolder.Require("golden", checkpoint, "peft", adapter);

        Command.Run("trace", "--model", TinyModel.Golden(checkpoint), "--adapter", golden, "--input", Path.Combine(golden, "golden.safetensors"), "--output", _folder["out"])
            .Failed(2, $"'peft_type' is '{type}', which is not supported; supported: ");
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
        Assert.Equal([.. gradients.Concat(gradients.Select(Key)).Distinct().Order(StringComparer.Ordinal), "logits", "loss"], actual.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(actual.Tensors.Values, entry => Assert.Equal(DType.F32, entry.DType));

        double loss = Doubles(expected, "loss64")[0];
        Assert.Empty(actual.Tensors["loss"].Shape);
        Assert.Equal(loss, Doubles(actual, "loss")[0], loss * 2e-6);

        double[] logits = Doubles(expected, "logits64");
        Assert.Equal(expected.Tensors["logits64"].Shape.AsSpan(), actual.Tensors["logits"].Shape.AsSpan());
        Func<int, bool> isReal = IsReal(expected);
        int classes = (int)expected.Tensors["logits64"].Shape[^1];
        AssertNear(LogitsTolerance(golden), logits, Doubles(actual, "logits"), i => isReal(i / classes), "logits");

        string[] nearZero = NearZeroGradients(golden);
        foreach (string gradient in gradients)
        {
            double[] values = Doubles(expected, gradient);
            // Under a softmax a key's bias has no gradient: what is left of it is rounding.
            double allowed = nearZero.Contains(gradient["grad.".Length..]) ? 1e-6 : GradientTolerance(golden) * values.Max(Math.Abs);
            AssertNear(allowed, values, Doubles(actual, gradient), _ => true, gradient);
            Assert.Equal(Doubles(actual, gradient), Doubles(actual, Key(gradient)));
        }
    }

    // Padded places mean nothing; virtual tokens stand before all others. A classifier's rows are texts.
    private static Func<int, bool> IsReal(SafeTensorsFile expected)
    {
        if (expected.Tensors["logits64"].Shape.Length == 2)
            return _ => true;
        long[] mask = new long[expected.Tensors["attention_mask"].Count];
        expected.CopyTo(expected.Tensors["attention_mask"], mask);
        (int time, int rows) = ((int)expected.Tensors["attention_mask"].Shape[1], (int)expected.Tensors["logits64"].Shape[1]);
        return row => row % rows - (rows - time) is var token && (token < 0 || mask[row / rows * time + token] == 1);
    }

    // DoRA's magnitude and copies of whole modules have a part in PyTorch that their keys in a file lack, and virtual tokens have another name.
    private static string Key(string gradient) => gradient.Replace(".lora_magnitude_vector.weight", ".lora_magnitude_vector", StringComparison.Ordinal)
        .Replace(".modules_to_save", "", StringComparison.Ordinal)
        .Replace("prompt_encoder.embedding.weight", "prompt_embeddings", StringComparison.Ordinal);

    // PyTorch's own F32 is up to 1.7e-5 away with rsLoRA's large scale, else much nearer.
    private static double GradientTolerance(string golden) =>
        Errors(golden).TryGetProperty("grad_worst", out JsonElement worst) ? Math.Max(3e-5, 8 * worst.GetProperty("rel").GetDouble()) : 3e-5;

    private static JsonElement Errors(string golden) => Facts(golden).GetProperty("errors");

    private static string[] NearZeroGradients(string golden) => Facts(golden).TryGetProperty("near_zero_gradients", out JsonElement list)
        ? [.. list.EnumerateArray().Select(e => (e.ValueKind == JsonValueKind.String ? e : e[0]).GetString()!)]
        : [];

    private static JsonElement Facts(string golden) => JsonDocument.Parse(File.ReadAllText(Path.Combine(golden, "golden.json"))).RootElement;

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
