using System.IO.Hashing;
using Ist.Runtime;

namespace Ist.Cli.Loading;

/// <summary>Tells whether a run is given the same model again, wherever its folder lies.</summary>
internal static class Fingerprint
{
    /// <summary>XXH3 (128 bits, 32 hexadecimal digits) of a model folder's configuration and weights.</summary>
    /// <param name="folder">The Hugging Face folder.</param>
    /// <param name="weights">Whether the weights count; they don't for a model that begins at random.</param>
    /// <exception cref="InputException">A file can't be read.</exception>
    public static string Of(string folder, bool weights)
    {
        var hash = new XxHash128();
        IEnumerable<string> files = weights ? Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal) : [];
        foreach (string file in files.Prepend(Path.Combine(folder, "config.json")))
        {
            try
            {
                using FileStream stream = File.OpenRead(file);
                hash.Append(stream);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InputException($"{file}: it can't be read: {e.Message}", e);
            }
        }
        return hash.GetCurrentHashAsUInt128().ToString("x32");
    }
}
