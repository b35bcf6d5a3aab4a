using System.Globalization;
using Ist.Cli.Finetuning;

namespace Ist.Cli.Progress;

/// <summary>
/// Tells how much of a long piece of work is done and how long the rest will take, in a line each quarter of a minute, on the stream of warnings:
/// the other one is for the result.
/// </summary>
/// <param name="terminal">Where.</param>
/// <param name="time">Tells the time.</param>
internal sealed class ShareProgress(Terminal terminal, TimeProvider time) : IProgress<double>
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(15);

    private readonly long _begin = time.GetTimestamp();
    private long _written = time.GetTimestamp();

    /// <inheritdoc/>
    public void Report(double share)
    {
        if (time.GetElapsedTime(_written) < _pause || share >= 1)
            return;
        _written = time.GetTimestamp();
        TimeSpan left = time.GetElapsedTime(_begin) * ((1 - share) / share);
        terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{share * 100:F0} % done  ETA {FinetuneReport.Duration(left)}"));
    }
}
