using Ist.Runtime.Data;
using Ist.Runtime.Evaluation;
using Ist.Runtime.Tests.Data;

namespace Ist.Runtime.Tests.Evaluation;

public sealed class ChoiceEncoderTests
{
    private static readonly ChoiceEncoder _encoder = new(new CharacterEncoder(), 100);

    [Fact]
    public void The_choice_alone_is_predicted()
    {
        Example example = _encoder.Encode("xy", " z", "row");

        Assert.Equal([CharacterEncoder.Bos, 'x', 'y', ' ', 'z'], example.Tokens);
        Assert.Equal([Example.Ignored, Example.Ignored, Example.Ignored, ' ', 'z'], example.Labels);
        Assert.Equal(2, example.TrainedTokens);
    }

    [Fact]
    public void White_space_at_the_end_of_the_prompt_is_the_choices()
    {
        Example example = _encoder.Encode("x \n", " z", "row");

        Assert.Equal([CharacterEncoder.Bos, 'x', ' ', '\n', ' ', 'z'], example.Tokens);
        Assert.Equal(4, example.TrainedTokens);
    }

    [Fact]
    public void A_merge_across_the_boundary_counts_as_the_prompts()
    {
        // Alone "xa" has three tokens with BOS, and "xabc" begins with x and the merged ab: c is what is beyond them.
        Example example = _encoder.Encode("xa", "bc", "row");

        Assert.Equal([CharacterEncoder.Bos, 'x', CharacterEncoder.Merged, 'c'], example.Tokens);
        Assert.Equal(1, example.TrainedTokens);
    }

    [Fact]
    public void A_choice_that_merges_away_is_refused() =>
        Assert.Contains("row: the choice 'b' has no token of its own", Assert.Throws<InputException>(() => _encoder.Encode("xa", "b", "row")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true, CharacterEncoder.Bos)]
    [InlineData(false, CharacterEncoder.Bos)]
    public void An_empty_prompt_is_BOS(bool addsBos, int first)
    {
        Example example = new ChoiceEncoder(new CharacterEncoder(addsBos), 100).Encode("", "z", "row");

        Assert.Equal([first, 'z'], example.Tokens);
        Assert.Equal(1, example.TrainedTokens);
    }

    [Fact]
    public void A_long_prompt_loses_its_beginning()
    {
        Example example = new ChoiceEncoder(new CharacterEncoder(), 4).Encode("uvwxy", " z", "row");

        Assert.Equal(['x', 'y', ' ', 'z'], example.Tokens);
        Assert.Equal(2, example.TrainedTokens);
        Assert.True(example.IsCut);
        Assert.False(new ChoiceEncoder(new CharacterEncoder(), 8).Encode("uvwxy", " z", "row").IsCut);
        Assert.Contains("has 2 tokens, but there are 2 positions", Assert.Throws<InputException>(
            () => new ChoiceEncoder(new CharacterEncoder(), 2).Encode("uvwxy", " z", "row")).Message, StringComparison.Ordinal);
    }
}
