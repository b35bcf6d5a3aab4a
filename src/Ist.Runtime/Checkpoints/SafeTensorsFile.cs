using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// A memory-mapped safetensors file: u64 length of the header, JSON header, data. All of the header is checked when the
/// file is opened; the data is read from disk as it is touched. Source: safetensors <c>README.md</c>.
/// </summary>
public sealed unsafe class SafeTensorsFile : IDisposable
{
    private const long MaxHeaderLength = 100_000_000;

    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _data;
    private bool _disposed;

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="InputException">It can't be read or breaks a rule of the format.</exception>
    public SafeTensorsFile(string path)
    {
        Path = path;
        FileStream stream = InputFile.Open(path);
        long length = stream.Length;
        if (length < 8)
        {
            stream.Dispose();
            throw new InputException($"{path}: it has {length} bytes, a safetensors file has at least 10; fetch it again");
        }
        _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            ulong headerLength = BitConverter.ToUInt64(new ReadOnlySpan<byte>(start, 8));
            if (headerLength > MaxHeaderLength)
                throw new InputException($"{path}: its header would have {headerLength} bytes, {MaxHeaderLength} are allowed; this isn't a safetensors file, or it is damaged");
            if ((long)headerLength > length - 8)
                throw new InputException($"{path}: its header would have {headerLength} bytes, but the file has only {length}; the file is truncated, fetch it again");
            _data = start + 8 + headerLength;
            Header = SafeTensorsHeader.Parse(path, new ReadOnlySpan<byte>(start + 8, (int)headerLength), length - 8 - (long)headerLength);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The path that was opened.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => Header.Tensors;

    /// <summary>The strings of <c>__metadata__</c>; empty where the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Header.Metadata;

    private SafeTensorsHeader Header { get; }

    /// <summary>The tensor's first byte, valid until the file is disposed. It may lie unaligned.</summary>
    /// <exception cref="ArgumentException">The entry is of another file.</exception>
    public byte* Pointer(TensorEntry entry)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!Tensors.TryGetValue(entry.Name, out TensorEntry? mine) || !ReferenceEquals(mine, entry))
            throw new ArgumentException($"Tensor {OneLine.Quote(entry.Name)} is of another file than {Path}.", nameof(entry));
        return _data + entry.Offset;
    }

    /// <summary>The tensor's bytes, valid until the file is disposed.</summary>
    /// <exception cref="ArgumentException">The entry is of another file, or has 2 GB or more: use <see cref="Pointer"/>.</exception>
    public ReadOnlySpan<byte> Bytes(TensorEntry entry)
    {
        if (entry.ByteLength > int.MaxValue)
            throw new ArgumentException($"Tensor {OneLine.Quote(entry.Name)} has {entry.ByteLength} bytes, too many for a span; use Pointer.", nameof(entry));
        return new ReadOnlySpan<byte>(Pointer(entry), (int)entry.ByteLength);
    }

    /// <summary>Copies the tensor's elements, row-major, widened to F32 (an F64 is rounded).</summary>
    /// <param name="entry">A tensor of F32, F16, BF16 or F64.</param>
    /// <param name="destination">As long as the tensor.</param>
    /// <exception cref="InputException">It has another dtype.</exception>
    public void CopyTo(TensorEntry entry, Span<float> destination)
    {
        CheckLength(entry, destination.Length);
        if (!entry.DType.WidensToFloat)
            throw WrongDType(entry, "F32, F16, BF16 or F64");
        FloatConverter.Widen(entry.DType, Pointer(entry), destination);
    }

    /// <summary>Copies the tensor's elements, row-major.</summary>
    /// <param name="entry">A tensor of I64 or I32.</param>
    /// <param name="destination">As long as the tensor.</param>
    /// <exception cref="InputException">It has another dtype.</exception>
    public void CopyTo(TensorEntry entry, Span<long> destination)
    {
        CheckLength(entry, destination.Length);
        byte* from = Pointer(entry);
        if (entry.DType == DType.I64)
        {
            new ReadOnlySpan<long>(from, destination.Length).CopyTo(destination);
            return;
        }
        if (entry.DType != DType.I32)
            throw WrongDType(entry, "I64 or I32");
        var ints = (int*)from;
        for (int i = 0; i < destination.Length; i++)
            destination[i] = ints[i];
    }

    /// <summary>Copies the tensor's elements, row-major.</summary>
    /// <param name="entry">A tensor of F64.</param>
    /// <param name="destination">As long as the tensor.</param>
    /// <exception cref="InputException">It has another dtype.</exception>
    public void CopyTo(TensorEntry entry, Span<double> destination)
    {
        CheckLength(entry, destination.Length);
        if (entry.DType != DType.F64)
            throw WrongDType(entry, "F64");
        new ReadOnlySpan<double>(Pointer(entry), destination.Length).CopyTo(destination);
    }

    /// <summary>Unmaps the file; pointers into it are no longer valid.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    private static void CheckLength(TensorEntry entry, int length)
    {
        if (length != entry.Count)
            throw new ArgumentException($"Tensor {OneLine.Quote(entry.Name)} has {entry.Count} elements, the destination {length}.", nameof(length));
    }

    private InputException WrongDType(TensorEntry entry, string expected) =>
        new($"{Path}: tensor {OneLine.Quote(entry.Name)} has dtype {entry.DType.Name}, expected {expected}");
}
