using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Generation;
using Ist.Runtime.Tests.Training;
using Ist.Runtime.Training;

namespace Ist.Runtime.Tests.Generation;

public sealed class TextGeneratorTests : IDisposable
{
    private static readonly int[] _prompt = [3, 4, 5];

    private readonly CpuDevice _device = new(1);

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1.3)]
    public void Token_by_token_gives_what_reading_the_whole_text_again_gives(double temperature)
    {
        var options = new GenerationOptions { MaxNewTokens = 20, Temperature = temperature };
        using var generator = new TextGenerator(_device, new TinyCausalLm(3), TinyCausalLm.Widths, capacity: 30);
        int[] cached = [.. generator.Generate(_prompt, options)];
        Assert.Equal(20, cached.Length);
        Assert.Equal(Uncached(options), cached);
        // Untrained, the likeliest token stays the same; drawn ones do not.
        Assert.Equal(temperature > 0, cached.Distinct().Count() > 1);
    }

    [Fact]
    public void A_generator_can_be_used_again()
    {
        var options = new GenerationOptions { MaxNewTokens = 6 };
        using var generator = new TextGenerator(_device, new TinyCausalLm(3), TinyCausalLm.Widths, capacity: 30);
        int[] first = [.. generator.Generate(_prompt, options)];
        generator.Generate([9, 1, 1, 2], options).Count();
        Assert.Equal(first, generator.Generate(_prompt, options));
    }

    [Fact]
    public void It_ends_behind_an_end_token()
    {
        var options = new GenerationOptions { MaxNewTokens = 20, Temperature = 1.3 };
        using var generator = new TextGenerator(_device, new TinyCausalLm(3), TinyCausalLm.Widths, capacity: 30);
        int[] whole = [.. generator.Generate(_prompt, options)];
        int end = whole[7];
        int[] cut = [.. generator.Generate(_prompt, options with { EosIds = [end, 99] })];
        Assert.Equal(whole.Take(Array.IndexOf(whole, end) + 1), cut);
        Assert.Equal(end, cut[^1]);
    }

    [Fact]
    public void It_ends_where_the_positions_do()
    {
        Assert.Equal(8, TextGenerator.CapacityFor(promptTokens: 3, maxNewTokens: 5, maxPositions: 100));
        Assert.Equal(7, TextGenerator.CapacityFor(promptTokens: 3, maxNewTokens: 5, maxPositions: 7));
        Assert.Equal(100, TextGenerator.CapacityFor(promptTokens: 3, maxNewTokens: int.MaxValue, maxPositions: 100));
        using var generator = new TextGenerator(_device, new TinyCausalLm(3), TinyCausalLm.Widths, capacity: 7);
        Assert.Equal(4, generator.Generate(_prompt, new GenerationOptions { MaxNewTokens = 5 }).Count());
    }

    [Fact]
    public void A_prompt_that_is_too_long_or_empty_is_refused()
    {
        Assert.Equal(
            "The prompt has 100 tokens, but there are 100 positions for it and what follows; shorten it.",
            Assert.Throws<InputException>(() => TextGenerator.CapacityFor(100, 5, 100)).Message);
        using var generator = new TextGenerator(_device, new TinyCausalLm(3), TinyCausalLm.Widths, capacity: 3);
        Assert.Equal(
            "The prompt has 3 tokens, but there are 3 positions for it and what follows; shorten it.",
            Assert.Throws<InputException>(() => generator.Generate(_prompt, new GenerationOptions())).Message);
        Assert.Equal("The prompt has no tokens; give at least a word.", Assert.Throws<InputException>(() => generator.Generate([], new GenerationOptions())).Message);
        Assert.Throws<InputException>(() => generator.Generate([1], new GenerationOptions { TopP = 2 }));
    }

    /// <summary>The same choices from a forward pass over the whole text for each token.</summary>
    private int[] Uncached(GenerationOptions options)
    {
        var model = new TinyCausalLm(3);
        using var session = new EvaluationSession(_device, model, TinyCausalLm.Widths, sequences: 1, maxLength: 30);
        var sampler = new TokenSampler(options);
        var ids = new List<int>(_prompt);
        for (int n = 0; n < options.MaxNewTokens; n++)
        {
            session.Run.Batch.Fill([new Example([.. ids], [.. ids])], [0]);
            model.Forward(session.Run);
            ids.Add(sampler.Choose(model.Logits.Row(ids.Count - 1), n));
        }
        return [.. ids.Skip(_prompt.Length)];
    }
}
