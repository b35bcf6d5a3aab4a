using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.TensorBoard;

/// <summary>
/// A file of events as TensorBoard reads them: records of a length (64 bits), the masked CRC-32C of those eight bytes, the data
/// and its masked CRC-32C, all little-endian (<c>tensorboard/summary/writer/record_writer.py</c>). Each record is handed to the
/// operating system whole; TensorBoard waits at a half-written last one.
/// </summary>
internal sealed partial class EventFile : IDisposable
{
    private readonly FileStream _stream;

    private EventFile(FileStream stream) => _stream = stream;

    /// <summary>Makes a file of a name that no other one in the folder has: the later its name stands in order, the later it is read.</summary>
    /// <exception cref="RunException">It can't be written.</exception>
    public static EventFile Create(string folder)
    {
        string host = Unusual().Replace(Environment.MachineName, "-"), path = folder;
        try
        {
            Directory.CreateDirectory(folder);
            for (int n = 0; path == folder || File.Exists(path); n++)
            {
                path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture,
                    $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{host}.{Environment.ProcessId}.{n}"));
            }
            return new EventFile(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0));
        }
        catch (Exception e) when (WriteFault.Explains(e))
        {
            throw new RunException($"{path}: it can't be written: {WriteFault.Cause(path, e)}", e);
        }
    }

    /// <summary>Adds a record.</summary>
    /// <exception cref="RunException">It can't be written.</exception>
    public void Append(ReadOnlySpan<byte> data)
    {
        byte[] record = new byte[data.Length + 16];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedChecksum(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedChecksum(data));
        try
        {
            _stream.Write(record);
        }
        catch (Exception e) when (WriteFault.Explains(e))
        {
            throw new RunException($"{_stream.Name}: it can't be written: {WriteFault.Cause(_stream.Name, e)}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Unusual();
}
