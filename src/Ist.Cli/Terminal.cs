using System.Text;

namespace Ist.Cli;

/// <summary>Where the command writes.</summary>
/// <param name="Output">What the user asked for.</param>
/// <param name="Error">Errors and warnings, a line each.</param>
/// <param name="IsInteractive">Whether <paramref name="Output"/> is a person's screen, on which lines may be redrawn.</param>
/// <param name="HasColors">Whether colours are wanted there.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, bool IsInteractive, bool HasColors)
{
    /// <summary>The process' own streams, in UTF-8. A set <c>NO_COLOR</c> (no-color.org) turns colours off.</summary>
    public static Terminal OfProcess()
    {
        Encoding utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        // Set before the writers are made, which keep the encoding that they find.
        if (!Console.IsOutputRedirected)
            Console.OutputEncoding = utf8;
        bool isPlain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new Terminal(
            new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true },
            new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            !isPlain,
            !isPlain && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
    }

    /// <summary>Tells of something that is not as it might be expected, but no reason to stop.</summary>
    public void Warn(string message) => Error.WriteLine("warning: " + OnOneLine(message));

    /// <summary>Tells why the command stops.</summary>
    public void Fail(string message) => Error.WriteLine("ist: " + OnOneLine(message));

    // Messages quote files and arguments, which may hold anything.
    private static string OnOneLine(string message) => message.ReplaceLineEndings(" ");
}
