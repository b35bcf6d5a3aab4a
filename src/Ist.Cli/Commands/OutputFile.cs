using Ist.Runtime;

namespace Ist.Cli.Commands;

/// <summary>Files that a command writes at its end, whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a path that can't be written, before anything is computed for it.</summary>
    /// <exception cref="InputException">A folder has this name, or the file's folder doesn't exist.</exception>
    public static void RequireWritable(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"{path}: a folder of this name is in the way; give the name of a file");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new InputException($"{path}: its folder {folder} doesn't exist; create it first");
    }
}
