using System.IO.Hashing;
using Ist.Cli.Evaluating;
using Ist.Runtime;

namespace Ist.Cli.Loading;

/// <summary>Tells whether a run is given the same files again, wherever they lie.</summary>
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
            Append(hash, file);
        return hash.GetCurrentHashAsUInt128().ToString("x32");
    }

    /// <summary>XXH3 of a task's file and of its rows.</summary>
    /// <param name="task">The name of a built-in task, or the path of its file.</param>
    /// <param name="data">The file of its rows.</param>
    /// <exception cref="InputException">A file can't be read.</exception>
    public static string OfTask(string task, string data)
    {
        var hash = new XxHash128();
        if (BuiltInTasks.Find(task) is { } builtIn)
            hash.Append(builtIn);
        else
            Append(hash, task);
        Append(hash, data);
        return hash.GetCurrentHashAsUInt128().ToString("x32");
    }

    private static void Append(XxHash128 hash, string file)
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
}
