using Ist.TestSupport;

namespace Ist.Cli.Tests;

/// <summary>What the README quotes is what is there.</summary>
public sealed class ReadmeTests
{
    private static readonly string _readme = File.ReadAllText(Path.Combine(SharedFolder.Root, "README.md"));

    [Theory]
    [InlineData("src/Ist.Models/Llama/LlamaMlp.cs", 0)]
    [InlineData("snapshots/Llama/LlamaMlp.Backward.verified.cs", 1)]
    public void Code_is_quoted_word_for_word(string source, int block)
    {
        string quoted = _readme.Split("```csharp")[block + 1].Split("```")[0];
        HashSet<string> lines = [.. File.ReadLines(Path.Combine(SharedFolder.Root, source)).Select(line => line.Trim())];

        Assert.True(quoted.Split('\n').Length > 8);
        Assert.All(quoted.Split('\n'), line => Assert.Contains(line.Trim(), lines));
    }

    [Fact]
    public void Its_prompt_is_a_record_that_the_training_data_lacks()
    {
        string prompt = _readme.Split("--prompt \"")[1].Split('"')[0];

        Assert.Contains(prompt, File.ReadAllText(Path.Combine(SharedFolder.Root, "samples", "data", "eval.jsonl")), StringComparison.Ordinal);
        Assert.DoesNotContain(prompt, File.ReadAllText(Path.Combine(SharedFolder.Root, "samples", "data", "train.jsonl")), StringComparison.Ordinal);
    }
}
