using System.Globalization;
using System.Text.RegularExpressions;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Evaluation;

/// <summary>
/// Takes the answer out of a generated text, by the rules of LLM-Adapters' <c>commonsense_evaluate.py</c> and <c>evaluate.py</c> with
/// their faults: the first or the last match of a pattern anywhere in the text counts, so AQuA's <c>A|B|C|D|E</c> finds the A of
/// "Answer", and "not true" is true.
/// </summary>
public sealed class AnswerExtraction
{
    /// <summary>How far a number may lie from the right one.</summary>
    public const double Tolerance = 0.001;

    private readonly Regex _pattern;
    private readonly string _origin;

    /// <summary>Takes the rules.</summary>
    /// <param name="origin">Where the pattern stands, for messages.</param>
    /// <param name="pattern">A regular expression in Python's syntax. Where it has one group, the answer is what that matches, as <c>re.findall</c> has it.</param>
    /// <exception cref="InputException">It isn't a valid pattern.</exception>
    public AnswerExtraction(string origin, string pattern)
    {
        _origin = origin;
        _pattern = PythonRegex.Compile(origin, pattern, "", "");
    }

    /// <summary>Whether the last match is the answer, instead of the first.</summary>
    public bool TakesLast { get; init; }

    /// <summary>What is removed from the text before: the commas of 1,000.</summary>
    public string Removed { get; init; } = "";

    /// <summary>When an answer is right.</summary>
    public AnswerComparison Comparison { get; init; }

    /// <summary>The answer in a text without the white space around it; empty where there is none.</summary>
    /// <exception cref="InputException">The pattern takes too long.</exception>
    public string Extract(string text)
    {
        string searched = text.Trim();
        if (Removed.Length > 0)
            searched = searched.Replace(Removed, "", StringComparison.Ordinal);
        string found = "";
        for (Match match = PythonRegex.Match(_pattern, _origin, searched); match.Success; match = match.NextMatch())
        {
            found = match.Groups.Count == 2 ? match.Groups[1].Value : match.Value;
            if (!TakesLast)
                break;
        }
        return found;
    }

    /// <summary>Whether an extracted answer is the row's. No answer is wrong, and so is what should be a number and is none.</summary>
    public bool IsRight(string extracted, string answer) => Comparison == AnswerComparison.Text
        ? extracted.Length > 0 && extracted == answer
        : Number(extracted) is double given && Number(answer) is double wanted && Math.Abs(wanted - given) <= Tolerance;

    /// <summary>The number that a text is, or null.</summary>
    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
}
