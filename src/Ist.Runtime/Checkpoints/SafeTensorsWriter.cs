using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// Writes a safetensors file as the reference does: tensors by falling alignment of their dtype, then by name; header padded
/// with spaces to 8 bytes; <c>__metadata__</c> always has <c>"format": "pt"</c>, without which transformers refuse the
/// file. Tensors are only gathered here, and read when <see cref="Save"/> writes them. Source: safetensors <c>tensor.rs</c>.
/// </summary>
public sealed unsafe class SafeTensorsWriter
{
    private const int ChunkLength = 1 << 14;

    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _metadata = new(StringComparer.Ordinal) { ["format"] = "pt" };

    /// <summary>The names added so far.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>Sets a string of <c>__metadata__</c>.</summary>
    public void SetMetadata(string key, string value) => _metadata[key] = value;

    /// <summary>Adds a tensor whose bytes (little-endian, row-major) a callback writes, all of them, when the file is saved.</summary>
    /// <exception cref="ArgumentException">The name is taken or reserved, or the shape isn't a whole number of bytes.</exception>
    public void Add(string name, DType dtype, ReadOnlySpan<long> shape, Action<Stream> write)
    {
        if (name == "__metadata__")
            throw new ArgumentException("'__metadata__' can't be a tensor's name.", nameof(name));
        long bits = dtype.BitSize;
        foreach (long length in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(shape));
            bits = checked(bits * length);
        }
        if (bits % 8 != 0)
            throw new ArgumentException($"Tensor {OneLine.Quote(name)} doesn't fill its last byte.", nameof(shape));
        if (!_tensors.TryAdd(name, new Tensor(name, dtype, [.. shape], bits / 8, write)))
            throw new ArgumentException($"Tensor {OneLine.Quote(name)} was added before.", nameof(name));
    }

    /// <summary>Adds a tensor that lies in memory: float, double, Half, BFloat16, long or int. It isn't copied.</summary>
    /// <exception cref="ArgumentException">Its length contradicts the shape.</exception>
    public void Add<T>(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<T> values) where T : unmanaged
    {
        CheckCount(name, shape, values.Length);
        Add(name, DType.Of<T>(), shape, stream => stream.Write(MemoryMarshal.AsBytes(values.Span)));
    }

    /// <summary>Adds a tensor that lies behind a pointer, which must stay valid until the file is saved. It isn't copied.</summary>
    public void Add(string name, DType dtype, ReadOnlySpan<long> shape, void* data)
    {
        long count = Count(shape);
        Add(name, dtype, shape, stream => WriteBytes(stream, (byte*)data, count * dtype.BitSize / 8));
    }

    /// <summary>Adds a tensor of F32 values behind a pointer, which must stay valid, that are rounded to another dtype as they are written.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dtype">F32, F16, BF16 or F64.</param>
    /// <param name="shape">Its shape, outermost dimension first.</param>
    /// <param name="values">Its values, row-major.</param>
    public void AddNarrowed(string name, DType dtype, ReadOnlySpan<long> shape, float* values)
    {
        if (!dtype.WidensToFloat)
            throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Only F32, F16, BF16 and F64 store rounded F32 values.");
        long count = Count(shape);
        Add(name, dtype, shape, stream => WriteNarrowed(stream, dtype, values, count));
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="RunException">It can't be written.</exception>
    /// <exception cref="InvalidOperationException">A callback wrote too few or too many bytes.</exception>
    public void Save(string path) => AtomicFile.Write(path, Write);

    private void Write(Stream stream)
    {
        Tensor[] ordered = [.. _tensors.Values.OrderByDescending(t => t.DType).ThenBy(t => t.Name, StringComparer.Ordinal)];
        ReadOnlySpan<byte> header = Header(ordered);
        stream.Write(BitConverter.GetBytes((ulong)header.Length));
        stream.Write(header);
        foreach (Tensor tensor in ordered)
        {
            long end = stream.Position + tensor.ByteLength;
            tensor.Write(stream);
            if (stream.Position != end)
                throw new InvalidOperationException($"Tensor {OneLine.Quote(tensor.Name)} has {tensor.ByteLength} bytes, {stream.Position - end + tensor.ByteLength} were written.");
        }
    }

    private ReadOnlySpan<byte> Header(Tensor[] ordered)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in _metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (Tensor tensor in ordered)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.DType.Name);
                WriteNumbers(json, "shape", tensor.Shape.AsSpan());
                WriteNumbers(json, "data_offsets", [offset, offset += tensor.ByteLength]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        int padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(key);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void WriteBytes(Stream stream, byte* data, long length)
    {
        for (long done = 0; done < length;)
        {
            int part = (int)Math.Min(length - done, 1 << 30);
            stream.Write(new ReadOnlySpan<byte>(data + done, part));
            done += part;
        }
    }

    private static void WriteNarrowed(Stream stream, DType dtype, float* values, long count)
    {
        int width = dtype.BitSize / 8;
        byte[] chunk = new byte[ChunkLength * width];
        for (long done = 0; done < count;)
        {
            int part = (int)Math.Min(count - done, ChunkLength);
            fixed (byte* to = chunk)
                FloatConverter.Narrow(new ReadOnlySpan<float>(values + done, part), dtype, to);
            stream.Write(chunk, 0, part * width);
            done += part;
        }
    }

    private static long Count(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long length in shape)
            count = checked(count * length);
        return count;
    }

    private static void CheckCount(string name, ReadOnlySpan<long> shape, long length)
    {
        if (Count(shape) != length)
            throw new ArgumentException($"Tensor {OneLine.Quote(name)} of shape {OneLine.Shape(shape)} can't have {length} elements.", nameof(shape));
    }

    private sealed record Tensor(string Name, DType DType, ImmutableArray<long> Shape, long ByteLength, Action<Stream> Write);
}
