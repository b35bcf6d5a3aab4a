namespace Ist.Runtime.Evaluation;

/// <summary>When a generated answer is right.</summary>
public enum AnswerComparison
{
    /// <summary>It is the row's answer, letter for letter.</summary>
    Text,

    /// <summary>As a number it differs from the row's by at most <see cref="AnswerExtraction.Tolerance"/>.</summary>
    Number,
}
