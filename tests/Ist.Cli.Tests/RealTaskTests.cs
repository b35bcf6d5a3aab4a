using System.Text.Json;
using Ist.Cli.Tests.Support;
using Ist.TestSupport;

namespace Ist.Cli.Tests;

/// <summary>Published files and a trained model.</summary>
public sealed class RealTaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("boolq", "multiple_choice", 2)]
    [InlineData("piqa", "multiple_choice", 2)]
    [InlineData("ARC-Easy", "multiple_choice", 4)]
    [InlineData("openbookqa", "multiple_choice", 4)]
    [InlineData("openbookqa", "generation", 0)]
    public void Commonsense(string task, string kind, int choices)
    {
        string model = SharedFolder.Require("models", "stories260K"), data = SharedFolder.Require("data", "commonsense", task, "test.json");

        JsonElement[] rows = Predictions(model, task, data, "--kind", kind, "--limit", "12");

        Assert.Equal(12, rows.Length);
        JsonElement[] stored = [.. JsonDocument.Parse(File.ReadAllBytes(data)).RootElement.EnumerateArray().Take(12)];
        Assert.Equal(stored.Select(row => row.GetProperty("answer").GetString()), rows.Select(row => row.GetProperty("answer").GetString()));
        if (choices > 0)
            Assert.All(rows, row => Assert.Equal(choices, row.GetProperty("choices").GetArrayLength()));
    }

    [Fact]
    public void Sst2_by_a_decoder()
    {
        string model = SharedFolder.Require("models", "stories260K"), data = _folder["dev.jsonl"];
        File.WriteAllLines(data, File.ReadLines(SharedFolder.Require("data", "sst2", "stsa.binary.dev")).Take(60)
            .Select(line => JsonSerializer.Serialize(new { sentence = line[2..], label = line[0] - '0' })));

        JsonElement[] rows = Predictions(model, "sst2", data);

        Assert.Equal(60, rows.Length);
        Assert.Equal(["negative", "positive"], rows.Select(row => row.GetProperty("answer").GetString()!).Distinct().Order());
    }

    private JsonElement[] Predictions(string model, string task, string data, params string[] more)
    {
        string predictions = _folder["predictions.jsonl"];
        Result result = Command.Run(["evaluate", "--model", model, "--task", task, "--data", data, "--predictions", predictions, .. more]);
        Assert.True(result.Code == 0, result.Error);
        return [.. File.ReadLines(predictions).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
