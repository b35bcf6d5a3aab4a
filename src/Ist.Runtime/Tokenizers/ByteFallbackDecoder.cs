using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Reads each run of tokens like <c>&lt;0x0A&gt;</c> as UTF-8; where the run isn't valid, each of its bytes becomes U+FFFD.
/// </summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        var parts = new List<string>(tokens.Count);
        var run = new List<byte>();
        foreach (string token in tokens)
        {
            if (ByteToken.TryParse(token, out byte value))
            {
                run.Add(value);
                continue;
            }
            EndRun(run, parts);
            parts.Add(token);
        }
        EndRun(run, parts);
        return parts;
    }

    private static void EndRun(List<byte> run, List<string> parts)
    {
        if (run.Count == 0)
            return;
        try
        {
            parts.Add(_strict.GetString([.. run]));
        }
        catch (DecoderFallbackException)
        {
            parts.AddRange(Enumerable.Repeat("\uFFFD", run.Count));
        }
        run.Clear();
    }
}
