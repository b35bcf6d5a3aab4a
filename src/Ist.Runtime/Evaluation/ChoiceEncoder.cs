using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;

namespace Ist.Runtime.Evaluation;

/// <summary>
/// Makes the tokens of a prompt with a choice as lm-evaluation-harness does: both are tokenised as one text, after BOS where the
/// tokenizer adds one, and the choice's tokens are those beyond as many as the prompt alone has; white space at the end of the prompt
/// counts as the choice's. A text that is too long loses its beginning, BOS included. (The harness keeps one token more, the last of a
/// choice, which it does not feed to the model.)
/// </summary>
/// <param name="encoder">The tokenizer.</param>
/// <param name="maxTokens">The most tokens of both.</param>
public sealed class ChoiceEncoder(ITextEncoder encoder, int maxTokens)
{
    /// <summary>An example in which the choice's tokens alone are predicted; <see cref="Example.IsCut"/> where it lost its beginning.</summary>
    /// <param name="context">The prompt.</param>
    /// <param name="continuation">The separator and the choice.</param>
    /// <param name="place">The row's place, for messages.</param>
    /// <exception cref="InputException">The choice has no token of its own, or too many.</exception>
    public Example Encode(string context, string continuation, string place)
    {
        List<int> ids = encoder.EncodePrompt(context + continuation);
        int before = encoder.EncodePrompt(context.TrimEnd()).Count;
        if (before == 0)
        {
            // Something has to stand before the first token for it to be predicted: BOS, or EOS where there is none.
            ids.Insert(0, encoder.BosId ?? encoder.EosId);
            before = 1;
        }
        int own = ids.Count - before;
        if (own < 1)
            throw new InputException($"{place}: the choice {OneLine.Quote(continuation)} has no token of its own behind the prompt; give it a text, or another separator");
        if (own >= maxTokens)
            throw new InputException($"{place}: the choice {OneLine.Quote(continuation)} has {own} tokens, but there are {maxTokens} positions for it and what it follows; shorten it");
        int cut = Math.Max(0, ids.Count - maxTokens);
        int[] tokens = [.. ids[cut..]];
        int[] labels = [.. tokens];
        labels.AsSpan(0, tokens.Length - own).Fill(Example.Ignored);
        return new Example(tokens, labels, isCut: cut > 0);
    }
}
