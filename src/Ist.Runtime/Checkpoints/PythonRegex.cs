using System.Text.RegularExpressions;

namespace Ist.Runtime.Checkpoints;

/// <summary>Regular expressions that adapter configurations hold, in Python's syntax, matched with .NET's engine.</summary>
internal static class PythonRegex
{
    // Configurations come from anywhere, and module names are short: a pattern that needs longer than this is an attack or a slip.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(1);

    /// <summary>Compiles a pattern.</summary>
    /// <param name="origin">The file and key it stands in, for error messages.</param>
    /// <param name="pattern">The pattern; named groups may be written <c>(?P&lt;name&gt;…)</c>.</param>
    /// <param name="before">Put before it.</param>
    /// <param name="after">Put after it.</param>
    /// <exception cref="InputException">It isn't a valid pattern.</exception>
    public static Regex Compile(string origin, string pattern, string before, string after)
    {
        string translated = pattern.Replace("(?P<", "(?<", StringComparison.Ordinal);
        try
        {
            return new Regex(before + translated + after, RegexOptions.CultureInvariant, _limit);
        }
        catch (ArgumentException e)
        {
            throw new InputException($"{origin}: {OneLine.Quote(pattern)} isn't a valid regular expression: {OneLine.Escape(e.Message)}", e);
        }
    }

    /// <summary>Matches a module's name.</summary>
    /// <exception cref="InputException">The pattern takes too long on it.</exception>
    public static Match Match(Regex regex, string origin, string module)
    {
        try
        {
            return regex.Match(module);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new InputException($"{origin}: the regular expression takes too long on {OneLine.Quote(module)}; simplify it", e);
        }
    }
}
