using System.Text.RegularExpressions;

namespace Ist.Samples.Making.Corpora;

/// <summary>Undoes what tokenised corpora did to punctuation.</summary>
internal static partial class Punctuation
{
    /// <summary>The line with hyphens, commas, quotes and brackets where a writer would have put them.</summary>
    public static string Restore(string line)
    {
        line = Joined().Replace(line, "${mark}");
        line = Quoted().Replace(line, "\"$1\"");
        line = Before().Replace(line, "$1");
        return After().Replace(line, "$1").Trim();
    }

    // "city - friendly", and WikiText's "30 @,@ 000" and "well @-@ known".
    [GeneratedRegex(@" @(?<mark>[-,.])@ |(?<=\w) (?<mark>-) (?=\w)")]
    private static partial Regex Joined();

    [GeneratedRegex("\" ([^\"]*?) \"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@" ([,.;:!?%)\]]|'s\b|n't\b|'(?:re|ve|ll|d|m)\b)")]
    private static partial Regex Before();

    [GeneratedRegex(@"([(\[£$]) ")]
    private static partial Regex After();
}
