using Ist.Cli.Tests.Support;
using Ist.TestSupport;

namespace Ist.Cli.Tests;

/// <summary><c>ist generate</c>: the continuation and nothing else on the standard output.</summary>
public sealed class GenerateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_trained_model_goes_on_with_its_story()
    {
        string model = SharedFolder.Require("models", "stories260K");

        Result result = Command.Run("generate", "--model", model, "--prompt", "Once upon a time", "--max-new-tokens", "12").Succeeded();

        Assert.Equal(", there was a little girl named Lily. She" + Environment.NewLine, result.Output);
    }

    [Fact]
    public void The_seed_decides_the_draws()
    {
        string model = TinyModel.Create(_folder);
        string Draw(string seed) => Command.Run("generate", "--model", model, "--prompt", "a", "--max-new-tokens", "40", "--temperature", "1", "--seed", seed).Succeeded().Output;

        Assert.Equal(Draw("1"), Draw("1"));
        Assert.NotEqual(Draw("1"), Draw("2"));
    }

    [Fact]
    public void The_likeliest_token_alone_is_what_greedy_takes()
    {
        string model = TinyModel.Create(_folder);
        string Draw(params string[] more) => Command.Run(["generate", "--model", model, "--prompt", "a", "--max-new-tokens", "20", .. more]).Succeeded().Output;

        Assert.Equal(Draw(), Draw("--temperature", "2", "--top-k", "1"));
        Assert.Equal(Draw(), Draw("--temperature", "2", "--top-p", "1e-9"));
    }

    [Fact]
    public void A_profile_counts_tokens_beside_the_text()
    {
        string model = TinyModel.Create(_folder);
        Result Draw(params string[] more) => Command.Run(["generate", "--model", model, "--prompt", "aaa", "--max-new-tokens", "5", .. more]);

        Result profiled = Draw("--profile");

        Assert.Equal((0, Draw().Succeeded().Output), (profiled.Code, profiled.Output));
        foreach (string row in (string[])["profile of 5 tokens", "ms/token", "prompt", "RowProduct, token", "sampling"])
            Assert.Contains(row, profiled.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("backward", profiled.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_beyond_the_model_s_positions_is_refused() =>
        Command.Run("generate", "--model", TinyModel.Create(_folder), "--prompt", new string('a', 200)).Failed(2, "The prompt has 200 tokens", "128 positions");

    [Fact]
    public void An_empty_prompt_needs_a_tokenizer_that_begins_texts_itself() =>
        Command.Run("generate", "--model", TinyModel.Create(_folder), "--prompt", "").Failed(2, "The prompt has no tokens; give at least a word.");

    [Fact]
    public void A_trained_model_begins_a_story_by_itself()
    {
        string model = SharedFolder.Require("models", "stories260K");

        Result result = Command.Run("generate", "--model", model, "--prompt", "", "--max-new-tokens", "16").Succeeded();

        Assert.StartsWith("Once upon a time, there was a little", result.Output, StringComparison.Ordinal);
    }
}
