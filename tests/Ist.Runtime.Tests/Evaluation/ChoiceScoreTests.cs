using Ist.Runtime.Evaluation;

namespace Ist.Runtime.Tests.Evaluation;

public sealed class ChoiceScoreTests
{
    [Fact]
    public void Each_length_has_its_own_winner()
    {
        ChoiceScore[] choices = [new("no", -3, 1), new("certainly not", -6, 3), new("yes, yes, yes, yes", -7.5, 3)];

        Assert.Equal(0, ChoiceScore.Likeliest(choices, c => c.LogLikelihood));
        Assert.Equal(2, ChoiceScore.Likeliest(choices, c => c.PerCharacter));
        Assert.Equal(1, ChoiceScore.Likeliest(choices, c => c.PerToken));
    }

    [Fact]
    public void The_first_of_equals_wins_and_an_empty_one_never_by_its_characters()
    {
        Assert.Equal(1, ChoiceScore.Likeliest([new("a", -2, 1), new("b", -1, 1), new("c", -1, 1)], c => c.LogLikelihood));
        Assert.Equal(1, ChoiceScore.Likeliest([new("", -1, 1), new("b", -9, 1)], c => c.PerCharacter));
    }

    [Fact]
    public void A_character_is_a_code_point() => Assert.Equal(-1.5, new ChoiceScore("\U0001F600é", -3, 5).PerCharacter);
}
