using DiffPlex.Renderer;
using Ist.TestSupport;

namespace Ist.Generators.Tests.Harness;

/// <summary>
/// Compares emitted code with the files in snapshots/, which have the names that Verify gives them:
/// <c>X.verified.cs</c> is what is expected, <c>X.received.cs</c> what came instead. <c>UPDATE_SNAPSHOTS=1</c> accepts what comes.
/// </summary>
internal static class Snapshot
{
    public static void Check(string folder, string name, string text)
    {
        string stem = Path.Combine(SharedFolder.Root, "snapshots", folder, name);
        string verified = $"{stem}.verified.cs", received = $"{stem}.received.cs";
        string expected = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (expected == text)
        {
            File.Delete(received);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(stem)!);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(verified, text);
            return;
        }
        File.WriteAllText(received, text);
        Assert.Fail($"{folder}/{name} differs from its snapshot; UPDATE_SNAPSHOTS=1 accepts it.\n" +
            UnidiffRenderer.GenerateUnidiff(expected, text, "verified", "received"));
    }

    /// <summary>The names of a folder's snapshots.</summary>
    public static IReadOnlyList<string> Names(string folder) =>
        [.. Directory.GetFiles(Path.Combine(SharedFolder.Root, "snapshots", folder), "*.verified.cs")
            .Select(f => Path.GetFileName(f)[..^".verified.cs".Length])
            .Order(StringComparer.Ordinal)];
}
