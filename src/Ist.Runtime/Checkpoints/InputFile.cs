namespace Ist.Runtime.Checkpoints;

/// <summary>Opens files that the user names; each reason for which one can't be read is one line.</summary>
internal static class InputFile
{
    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="InputException">It isn't there, is a folder, or can't be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>The bytes of a small file.</summary>
    /// <exception cref="InputException">It isn't there, is a folder, can't be read, or has 2 GB or more.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static InputException Unreadable(string path, Exception e)
    {
        string cause = e switch
        {
            FileNotFoundException or DirectoryNotFoundException => "there is no such file; check the path",
            _ when Directory.Exists(path) => "a file was expected, this is a folder",
            UnauthorizedAccessException => "permission to read it is denied",
            _ => "it can't be read: " + OneLine.Escape(e.Message),
        };
        return new InputException($"{path}: {cause}", e);
    }
}
