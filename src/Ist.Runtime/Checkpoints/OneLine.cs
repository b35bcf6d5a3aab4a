using System.Text;

namespace Ist.Runtime.Checkpoints;

/// <summary>Keeps error messages on one line, whatever names a file brings.</summary>
internal static class OneLine
{
    private const int Longest = 160;

    /// <summary>The text in single quotes, control characters escaped, cut where it is very long.</summary>
    public static string Quote(string text) => "'" + Escape(text) + "'";

    /// <summary>The texts quoted and joined by commas; beyond <paramref name="most"/> only their number is given.</summary>
    public static string List(IEnumerable<string> texts, int most = 12)
    {
        string[] all = [.. texts];
        string shown = string.Join(", ", all.Take(most).Select(Quote));
        return all.Length > most ? $"{shown} and {all.Length - most} more" : shown;
    }

    /// <summary>A shape as <c>[2, 3]</c>.</summary>
    public static string Shape(ReadOnlySpan<long> shape) => "[" + string.Join(", ", shape.ToArray()) + "]";

    /// <summary>The text with control characters escaped, cut where it is very long.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text.Length > Longest ? text[..Longest] : text)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
                escaped.Append("\\u").Append(((int)c).ToString("x4"));
            else
                escaped.Append(c);
        }
        return text.Length > Longest ? escaped.Append('…').ToString() : escaped.ToString();
    }
}
