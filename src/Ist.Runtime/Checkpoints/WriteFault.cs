namespace Ist.Runtime.Checkpoints;

/// <summary>Why a file couldn't be written, in words.</summary>
internal static class WriteFault
{
    private const int ReadOnlyFileSystem = 30;

    // ENOSPC, EFBIG and Linux' EDQUOT; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL. On Unix, HResult is the raw errno.
    private static readonly int[] _full = [28, 27, 122, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    /// <summary>Whether an exception is about writing a file.</summary>
    public static bool Explains(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>The cause and what to do, for a file or folder of this path.</summary>
    public static string Cause(string path, Exception e) => e switch
    {
        _ when Directory.Exists(path) => "a folder of this name is in the way; remove it or choose another name",
        DirectoryNotFoundException or FileNotFoundException => "its folder doesn't exist; create it first",
        UnauthorizedAccessException => "permission denied; choose a place that you may write to",
        _ when _full.Contains(e.HResult) => "the disk is full (or a quota reached); free some space",
        _ when e.HResult == ReadOnlyFileSystem => "the file system is read-only; choose another place",
        _ => OneLine.Escape(e.Message),
    };
}
