using System.Collections.Immutable;
using System.Text.Json;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// Reads and checks the JSON header of a safetensors file: <c>{"name": {"dtype", "shape", "data_offsets"}, …}</c> and a
/// <c>__metadata__</c> of strings. Source: safetensors <c>README.md</c>, "Format".
/// </summary>
internal sealed class SafeTensorsHeader
{
    private readonly string _file;
    private readonly Dictionary<string, TensorEntry> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private SafeTensorsHeader(string file)
    {
        _file = file;
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => _tensors;

    /// <summary>The strings of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Parses a header for a data part of <paramref name="dataLength"/> bytes.</summary>
    /// <exception cref="InputException">Whatever the format forbids.</exception>
    public static SafeTensorsHeader Parse(string file, ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafeTensorsHeader(file);
        if (json.IsEmpty || json[0] != (byte)'{')
            throw header.Fault("its header doesn't begin with '{', so this isn't a safetensors file");
        var reader = new Utf8JsonReader(json);
        try
        {
            header.Read(ref reader);
        }
        catch (JsonException e)
        {
            throw header.Fault($"its header isn't valid JSON at byte {reader.TokenStartIndex}: {OneLine.Escape(e.Message)}", e);
        }
        catch (InvalidOperationException e)
        {
            // The reader's way to say that a string is no valid UTF-8 or UTF-16.
            throw header.Fault($"its header has an invalid string at byte {reader.TokenStartIndex}", e);
        }
        header.CheckLayout(dataLength);
        return header;
    }

    private void Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        bool metadataSeen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == "__metadata__")
            {
                if (metadataSeen)
                    throw Fault("'__metadata__' stands twice in its header");
                metadataSeen = true;
                ReadMetadata(ref reader);
            }
            else if (!_tensors.TryAdd(name, ReadEntry(ref reader, name)))
            {
                throw Fault($"tensor {OneLine.Quote(name)} stands twice in its header");
            }
        }
        // Reads on to the end, so that anything after the object is an error of the JSON.
        while (reader.Read())
        {
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fault("'__metadata__' in its header isn't an object of strings");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Fault($"'__metadata__' key {OneLine.Quote(key)} in its header isn't a string");
            if (!_metadata.TryAdd(key, reader.GetString()!))
                throw Fault($"'__metadata__' key {OneLine.Quote(key)} stands twice in its header");
        }
    }

    private TensorEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Fault(name, "its header entry isn't an object");
        string? dtypeName = null;
        ImmutableArray<long> shape = default;
        ImmutableArray<long> offsets = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (key == "dtype" && dtypeName is null && reader.TokenType == JsonTokenType.String)
                dtypeName = reader.GetString()!;
            else if (key == "shape" && shape.IsDefault)
                shape = ReadLengths(ref reader, name, key);
            else if (key == "data_offsets" && offsets.IsDefault)
                offsets = ReadLengths(ref reader, name, key);
            else
                throw Fault(name, $"key {OneLine.Quote(key)} of its header entry is unknown, stands twice or has the wrong kind");
        }
        if (dtypeName is null || shape.IsDefault || offsets.IsDefault)
            throw Fault(name, "its header entry needs dtype, shape and data_offsets");
        if (offsets.Length != 2 || offsets[0] > offsets[1])
            throw Fault(name, $"data_offsets {OneLine.Shape(offsets.AsSpan())} aren't [begin, end] with begin <= end");
        return Entry(name, dtypeName, shape, offsets[0], offsets[1] - offsets[0]);
    }

    private ImmutableArray<long> ReadLengths(ref Utf8JsonReader reader, string name, string key)
    {
        var lengths = ImmutableArray.CreateBuilder<long>();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Fault(name, $"{key} isn't a list of numbers");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long length) || length < 0)
                throw Fault(name, $"{key} has an element that is no whole number of 0 or more");
            lengths.Add(length);
        }
        return lengths.ToImmutable();
    }

    private TensorEntry Entry(string name, string dtypeName, ImmutableArray<long> shape, long begin, long byteLength)
    {
        if (!DType.TryFromName(dtypeName, out DType dtype))
            throw Fault(name, $"dtype {OneLine.Quote(dtypeName)} is unknown; known are {string.Join(", ", DType.Names)}");
        UInt128 count = 1;
        foreach (long length in shape)
        {
            count *= (UInt128)length;
            // An empty dimension may follow, but no real tensor has 2^63 elements on the way there.
            if (count > long.MaxValue)
                throw Fault(name, $"shape {OneLine.Shape(shape.AsSpan())} has too many elements");
        }
        UInt128 bits = count * (UInt128)dtype.BitSize;
        if (bits != (UInt128)byteLength * 8)
            throw Fault(name, $"shape {OneLine.Shape(shape.AsSpan())} of {dtype.Name} needs {(bits + 7) / 8} bytes, but its data_offsets span {byteLength}");
        return new TensorEntry(name, dtype, shape, (long)count, begin, byteLength);
    }

    /// <summary>The tensors tile the data part: no overlap, no hole, nothing beyond its end, nothing left at its end.</summary>
    private void CheckLayout(long dataLength)
    {
        long end = 0;
        string? before = null;
        foreach (TensorEntry entry in _tensors.Values.OrderBy(e => e.Offset).ThenBy(e => e.ByteLength))
        {
            if (entry.ByteLength > dataLength - entry.Offset)
                throw Fault(entry.Name, $"it ends at data byte {(UInt128)entry.Offset + (UInt128)entry.ByteLength}, but the file has only {dataLength}; the file is truncated, fetch it again");
            if (entry.Offset < end)
                throw Fault(entry.Name, $"it overlaps tensor {OneLine.Quote(before!)} (begins at data byte {entry.Offset}, which ends at {end})");
            if (entry.Offset > end)
                throw Fault(entry.Name, $"there is a hole of {entry.Offset - end} bytes before it, at data byte {end}");
            end = entry.Offset + entry.ByteLength;
            before = entry.Name;
        }
        if (end != dataLength)
            throw Fault($"{dataLength - end} bytes follow its last tensor; the header doesn't belong to this data");
    }

    private InputException Fault(string name, string message) => Fault($"tensor {OneLine.Quote(name)}: {message}");

    private InputException Fault(string message, Exception? inner = null) =>
        inner is null ? new InputException($"{_file}: {message}") : new InputException($"{_file}: {message}", inner);
}
