namespace Ist.Runtime.Evaluation;

/// <summary>How likely a choice is behind its prompt.</summary>
/// <param name="Text">The choice.</param>
/// <param name="LogLikelihood">The sum of ln p over its tokens.</param>
/// <param name="Tokens">Its tokens, with the separator's.</param>
public readonly record struct ChoiceScore(string Text, double LogLikelihood, int Tokens)
{
    /// <summary>The sum over the choice's characters (code points, without the separator): what decides <c>acc_norm</c>. An empty choice is never the likeliest.</summary>
    public double PerCharacter => LogLikelihood / Text.EnumerateRunes().Count();

    /// <summary>The sum over the tokens: what decides <c>acc_tokens</c>.</summary>
    public double PerToken => LogLikelihood / Tokens;

    /// <summary>The choice of the highest score; the first of equals, as numpy's <c>argmax</c>.</summary>
    public static int Likeliest(IReadOnlyList<ChoiceScore> choices, Func<ChoiceScore, double> score)
    {
        int best = 0;
        for (int i = 1; i < choices.Count; i++)
            best = score(choices[i]) > score(choices[best]) ? i : best;
        return best;
    }
}
