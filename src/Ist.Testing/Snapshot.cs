using DiffPlex.Renderer;

namespace Ist.Testing;

/// <summary>
/// Compares texts with files that have the names that Verify gives them: <c>X.verified.cs</c> is what is expected,
/// <c>X.received.cs</c> what came instead. With <c>UPDATE_SNAPSHOTS=1</c> in the environment, what comes is accepted.
/// </summary>
public static class Snapshot
{
    private const string Verified = ".verified.cs", Received = ".received.cs";

    private static bool Updates => Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1";

    /// <summary>Compares one text.</summary>
    /// <param name="folder">Where the snapshots are; see <see cref="SourceFolder"/>.</param>
    /// <param name="name">The snapshot's name, without its ending.</param>
    /// <param name="text">What came.</param>
    /// <exception cref="TestingException">It differs, or there is no snapshot of this name; what came is then beside it.</exception>
    public static void Check(string folder, string name, string text)
    {
        string verified = Path.Combine(folder, name + Verified), received = Path.Combine(folder, name + Received);
        string expected = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (expected == text && File.Exists(verified))
        {
            File.Delete(received);
            return;
        }
        Directory.CreateDirectory(folder);
        if (Updates)
        {
            File.WriteAllText(verified, text);
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, text);
        throw new TestingException($"{name} differs from its snapshot in {folder}; UPDATE_SNAPSHOTS=1 accepts it.\n" +
            UnidiffRenderer.GenerateUnidiff(expected, text, "verified", "received"));
    }

    /// <summary>Compares all that was generated with all that a folder has.</summary>
    /// <param name="folder">Where the snapshots are; see <see cref="SourceFolder"/>.</param>
    /// <param name="files">What came.</param>
    /// <exception cref="TestingException">One differs, or a snapshot or a file is left over.</exception>
    public static void CheckAll(string folder, IReadOnlyCollection<GeneratedFile> files)
    {
        foreach (GeneratedFile file in files)
            Check(folder, file.Name, file.Text);
        string[] old = [.. Names(folder).Except(files.Select(f => f.Name))];
        if (Updates)
        {
            foreach (string name in old)
                File.Delete(Path.Combine(folder, name + Verified));
        }
        else if (old.Length > 0)
        {
            throw new TestingException($"Nothing was generated for {string.Join(", ", old)} in {folder}; UPDATE_SNAPSHOTS=1 removes the snapshots.");
        }
    }

    /// <summary>The names of a folder's snapshots, sorted; none where there is no such folder.</summary>
    public static IReadOnlyList<string> Names(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.GetFiles(folder, "*" + Verified).Select(f => Path.GetFileName(f)[..^Verified.Length]).Order(StringComparer.Ordinal)];
}
