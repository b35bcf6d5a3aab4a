using System.Text;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// Writes a file whole or not at all: into <c>name.tmp</c> in the same folder, flushed to disk, then renamed over the old
/// one. A run killed at any time leaves the old file or the new one, and at most a <c>.tmp</c> that the next one replaces.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file through a callback, which may read the stream's position but not move it.</summary>
    /// <exception cref="RunException">It can't be written; the old file is unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            Remove(temporary);
            if (!WriteFault.Explains(e))
                throw;
            throw new RunException($"{path}: it can't be written: {WriteFault.Cause(path, e)}", e);
        }
    }

    /// <summary>Writes a text in UTF-8 without a byte order mark.</summary>
    /// <exception cref="RunException">It can't be written; the old file is unchanged.</exception>
    public static void WriteAllText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (WriteFault.Explains(e))
        {
            // The fault that brought us here is the one to report.
        }
    }
}
