using System.Text;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// A file of lines that only grows, such as <c>metrics.jsonl</c>. Each line is handed to the operating system whole, so a
/// killed run leaves at most one half-written line, which resuming removes.
/// </summary>
public sealed class AppendOnlyLines : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    private AppendOnlyLines(string path, FileStream stream)
    {
        _path = path;
        _stream = stream;
    }

    /// <summary>Begins an empty file; an old one is emptied.</summary>
    /// <exception cref="RunException">It can't be written.</exception>
    public static AppendOnlyLines Create(string path) => Open(path, FileMode.Create);

    /// <summary>Goes on with a file: removes a half-written last line, and every line from the first that <paramref name="cutFrom"/> accepts.</summary>
    /// <param name="path">The file; created where it is missing.</param>
    /// <param name="cutFrom">Given each line without its end; true for the first line that the resumed run will write again.</param>
    /// <exception cref="RunException">It can't be read or written.</exception>
    public static AppendOnlyLines Resume(string path, Func<string, bool> cutFrom)
    {
        AppendOnlyLines lines = Open(path, FileMode.OpenOrCreate);
        try
        {
            lines._stream.SetLength(lines.KeptLength(cutFrom));
            lines._stream.Seek(0, SeekOrigin.End);
            return lines;
        }
        catch (Exception e)
        {
            lines.Dispose();
            if (!WriteFault.Explains(e))
                throw;
            throw lines.Fault(e);
        }
    }

    /// <summary>Adds a line and hands it to the operating system.</summary>
    /// <param name="line">Without a line end.</param>
    /// <exception cref="RunException">It can't be written; the lines before it are whole.</exception>
    public void Append(string line)
    {
        if (line.Contains('\n'))
            throw new ArgumentException("A line can't hold a line end.", nameof(line));
        long before = _stream.Position;
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (Exception e) when (WriteFault.Explains(e))
        {
            throw Undo(before, e);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private static AppendOnlyLines Open(string path, FileMode mode)
    {
        try
        {
            // Unbuffered: a line is one write, and a failed write leaves nothing to be flushed later.
            return new AppendOnlyLines(path, new FileStream(path, mode, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0));
        }
        catch (Exception e) when (WriteFault.Explains(e))
        {
            throw new RunException($"{path}: it can't be opened for writing: {WriteFault.Cause(path, e)}", e);
        }
    }

    private long KeptLength(Func<string, bool> cutFrom)
    {
        byte[] bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        int start = 0;
        while (bytes.AsSpan(start).IndexOf((byte)'\n') is >= 0 and int length)
        {
            if (cutFrom(Encoding.UTF8.GetString(bytes, start, length)))
                break;
            start += length + 1;
        }
        return start;
    }

    private RunException Undo(long length, Exception e)
    {
        try
        {
            _stream.SetLength(length);
            _stream.Seek(length, SeekOrigin.Begin);
        }
        catch (Exception again) when (WriteFault.Explains(again) || again is NotSupportedException)
        {
            // Resuming removes the half-written line; the first fault is the one to report.
        }
        return Fault(e);
    }

    private RunException Fault(Exception e) => new($"{_path}: it can't be written: {WriteFault.Cause(_path, e)}", e);
}
