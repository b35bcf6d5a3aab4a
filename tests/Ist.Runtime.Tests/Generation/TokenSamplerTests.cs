using Ist.Runtime.Generation;

namespace Ist.Runtime.Tests.Generation;

public sealed class TokenSamplerTests
{
    private const int Draws = 20000;

    private static readonly float[] _logits = [0, 1, 2, 3, 2.5f, -1];

    [Fact]
    public void Without_temperature_it_is_the_likeliest_token_and_the_first_of_equals()
    {
        var sampler = new TokenSampler(new GenerationOptions());
        Assert.Equal(3, sampler.Choose(_logits, 0));
        Assert.Equal(1, sampler.Choose([0, 7, 7, 1], 5));
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(.5, 0, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(1, 0, .8)]
    [InlineData(1, 2, .7)]
    public void Tokens_come_as_often_as_their_probabilities_say(double temperature, int topK, double topP)
    {
        double[] expected = Probabilities(temperature, topK, topP);
        int[] seen = new int[_logits.Length];
        var sampler = new TokenSampler(new GenerationOptions { Temperature = temperature, TopK = topK, TopP = topP, Seed = 9 });
        for (int n = 0; n < Draws; n++)
            seen[sampler.Choose(_logits, n)]++;

        double chiSquared = 0;
        for (int i = 0; i < seen.Length; i++)
        {
            if (expected[i] == 0)
                Assert.Equal(0, seen[i]);
            else
                chiSquared += Math.Pow(seen[i] - Draws * expected[i], 2) / (Draws * expected[i]);
        }
        // 99.9th percentile with at most 5 degrees of freedom.
        Assert.InRange(chiSquared, 0, 20.5);
    }

    [Fact]
    public void The_nucleus_and_the_top_k_keep_what_they_should()
    {
        // Probabilities .4466, .2709, .1643, .0604, .0222, .0082 of tokens 3, 4, 2, 1, 0, 5 (rounded).
        Assert.Equal([3, 4], Kept(new GenerationOptions { Temperature = 1, TopP = .7 }));
        Assert.Equal([3], Kept(new GenerationOptions { Temperature = 1, TopP = .01 }));
        Assert.Equal([2, 3, 4], Kept(new GenerationOptions { Temperature = 1, TopK = 3 }));
        Assert.Equal([0, 1, 2, 3, 4, 5], Kept(new GenerationOptions { Temperature = 1, TopK = 50 }));
        // The top k come first: of the two that are left, the likelier one alone makes 60 %.
        Assert.Equal([3], Kept(new GenerationOptions { Temperature = 1, TopK = 2, TopP = .6 }));

        static IEnumerable<int> Kept(GenerationOptions options)
        {
            var sampler = new TokenSampler(options);
            return Enumerable.Range(0, 3000).Select(n => sampler.Choose(_logits, n)).Distinct().Order();
        }
    }

    [Fact]
    public void A_choice_depends_on_seed_and_index_alone()
    {
        var options = new GenerationOptions { Temperature = 1.5, Seed = 4 };
        var one = new TokenSampler(options);
        var other = new TokenSampler(options);
        int[] forward = [.. Enumerable.Range(0, 50).Select(n => one.Choose(_logits, n))];
        int[] backward = [.. Enumerable.Range(0, 50).Reverse().Select(n => other.Choose(_logits, n)).Reverse()];
        Assert.Equal(forward, backward);
        Assert.NotEqual(forward, Enumerable.Range(0, 50).Select(n => new TokenSampler(options with { Seed = 5 }).Choose(_logits, n)));
    }

    [Fact]
    public void Logits_that_are_no_numbers_are_refused()
    {
        var sampler = new TokenSampler(new GenerationOptions());
        Assert.Equal("New token 3: a logit is NaN; the model or its adapter is damaged.", Assert.Throws<RunException>(() => sampler.Choose([1, float.NaN, 5], 2)).Message);
        Assert.Throws<RunException>(() => sampler.Choose([1, float.PositiveInfinity], 0));
    }

    [Fact]
    public void Options_without_meaning_are_refused()
    {
        Assert.Equal("temperature is -1; give 0 or more.", Refusal(new GenerationOptions { Temperature = -1 }));
        Assert.Equal("top-p is 0; give more than 0, at most 1.", Refusal(new GenerationOptions { TopP = 0 }));
        Assert.Equal("top-p is 1.5; give more than 0, at most 1.", Refusal(new GenerationOptions { TopP = 1.5 }));
        Assert.Equal("top-k is -1; give 0 or more.", Refusal(new GenerationOptions { TopK = -1 }));
        Assert.Equal("max-new-tokens is 0; give 1 or more.", Refusal(new GenerationOptions { MaxNewTokens = 0 }));

        static string Refusal(GenerationOptions options) => Assert.Throws<InputException>(() => new TokenSampler(options)).Message;
    }

    private static double[] Probabilities(double temperature, int topK, double topP)
    {
        double[] p = [.. _logits.Select(x => Math.Exp(x / temperature))];
        int[] order = [.. Enumerable.Range(0, p.Length).OrderByDescending(i => p[i])];
        foreach (int i in order.Skip(topK == 0 ? p.Length : topK))
            p[i] = 0;
        double total = p.Sum(), reached = 0;
        foreach (int i in order)
        {
            if (reached >= topP * total)
                p[i] = 0;
            reached += p[i];
        }
        return [.. p.Select(x => x / p.Sum())];
    }
}
