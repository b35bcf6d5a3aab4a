using System.Text;
using Ist.Runtime;

namespace Ist.Samples.Making;

/// <summary>Texts that the user names.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, line ends unified.</summary>
    /// <exception cref="InputException">The file can't be read or isn't UTF-8.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path, _strict).Replace("\r\n", "\n");
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{path}: it isn't valid UTF-8; save the file as UTF-8", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: it can't be read; check the path and its permissions", e);
        }
    }
}
