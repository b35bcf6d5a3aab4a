namespace Ist.Testing;

/// <summary>Finds the sources that a test was built from.</summary>
public static class SourceFolder
{
    /// <summary>The full path of a file or folder beside, or in a folder above, the test's assembly.</summary>
    /// <param name="relative">Such as <c>samples/OwnModel</c>, relative to the folder that has it.</param>
    /// <exception cref="TestingException">No folder above has it.</exception>
    public static string Find(string relative)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string path = Path.Combine(folder, relative);
            if (File.Exists(path) || Directory.Exists(path))
                return path;
        }
        throw new TestingException($"No folder above {AppContext.BaseDirectory} has '{relative}'.");
    }
}
