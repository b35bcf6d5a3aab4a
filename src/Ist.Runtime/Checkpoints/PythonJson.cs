using System.Collections;
using System.Globalization;
using System.Text;

namespace Ist.Runtime.Checkpoints;

/// <summary>JSON letter for letter as Python's <c>json.dumps(value, indent=2, sort_keys=True)</c> with <c>ensure_ascii</c>.</summary>
public static class PythonJson
{
    /// <summary>The text, without a line end after it.</summary>
    /// <param name="value">null, bool, int, long, double, string, a sequence of these, or pairs of a string and one of these.</param>
    /// <exception cref="ArgumentException">A value of another type, or a number that JSON can't hold.</exception>
    public static string Dumps(object? value)
    {
        var text = new StringBuilder();
        Append(text, value, "\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, string lineEnd)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case string characters:
                AppendString(text, characters);
                break;
            case int or long:
                text.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case double number:
                text.Append(Number(number));
                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                AppendAll(text, '{', '}', pairs.OrderBy(p => p.Key, StringComparer.Ordinal), lineEnd, (pair, inner) =>
                {
                    AppendString(text, pair.Key);
                    text.Append(": ");
                    Append(text, pair.Value, inner);
                });
                break;
            case IEnumerable items:
                AppendAll(text, '[', ']', items.Cast<object?>(), lineEnd, (item, inner) => Append(text, item, inner));
                break;
            default:
                throw new ArgumentException($"A {value.GetType().Name} has no form in JSON.", nameof(value));
        }
    }

    private static void AppendAll<T>(StringBuilder text, char open, char close, IEnumerable<T> items, string lineEnd, Action<T, string> append)
    {
        text.Append(open);
        string inner = lineEnd + "  ";
        bool any = false;
        foreach (T item in items)
        {
            text.Append(any ? "," : "").Append(inner);
            append(item, inner);
            any = true;
        }
        text.Append(any ? lineEnd : "").Append(close);
    }

    /// <summary>Python's <c>repr</c>: the shortest digits that read back, with an exponent below 1e-4 and from 1e16.</summary>
    private static string Number(double number)
    {
        if (!double.IsFinite(number))
            throw new ArgumentException($"JSON can't hold {number}.", nameof(number));
        double size = Math.Abs(number);
        if (Math.Truncate(number) == number && size < 1e16)
            return number.ToString("F1", CultureInfo.InvariantCulture);
        string shortest = number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        // Both go over to exponents at 1e-5 and write two digits of them; .NET does so only from 1e17 on.
        if (size is < 1e16 or >= 1e17)
            return shortest;
        int first = number < 0 ? 2 : 1;
        string fraction = shortest[first..].TrimEnd('0');
        return shortest[..first] + (fraction.Length > 0 ? "." : "") + fraction + "e+16";
    }

    private static void AppendString(StringBuilder text, string characters)
    {
        text.Append('"');
        foreach (char c in characters)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' or > '~' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }
        text.Append('"');
    }
}
