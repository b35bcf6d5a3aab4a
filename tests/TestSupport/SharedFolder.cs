using Xunit;
using IOPath = System.IO.Path;

namespace Ist.TestSupport;

/// <summary>The folder of reference models, numbers and texts that lies beside the project in its home, and nowhere else.</summary>
internal static class SharedFolder
{
    /// <summary>The repository's root: the folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder, or null where it is absent.</summary>
    public static string? Path { get; } = FindShared();

    /// <summary>The full path of something in the folder; skips the test where the folder lacks it.</summary>
    public static string Require(params string[] parts)
    {
        string? path = Path is null ? null : IOPath.Combine([Path, .. parts]);
        if (path is null || !(File.Exists(path) || Directory.Exists(path)))
            Assert.Skip($"needs ../shared/{string.Join('/', parts)}, which is beside the project in its home only");
        return path;
    }

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = IOPath.GetDirectoryName(folder))
        {
            if (File.Exists(IOPath.Combine(folder, "Ist.Gen.sln")))
                return folder;
        }
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Ist.Gen.sln.");
    }

    private static string? FindShared()
    {
        string path = IOPath.GetFullPath(IOPath.Combine(Root, "..", "shared"));
        return Directory.Exists(path) ? path : null;
    }
}
