using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Data;

/// <summary>The rows of a file in JSON: the elements of an array (<c>.json</c> that begins with a bracket), or one value a line, where empty lines are skipped.</summary>
internal sealed class JsonRows
{
    private readonly string _path;
    private readonly bool _isArray;

    /// <summary>Looks at the beginning of a file.</summary>
    /// <param name="path">The file, as it was named.</param>
    /// <param name="text">Its text in valid UTF-8.</param>
    /// <exception cref="InputException">It is empty.</exception>
    public JsonRows(string path, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> start = text.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty)
            throw new InputException($"{path}: the file is empty; give at least one row");
        (_path, _isArray) = (path, IsJson(path) && start[0] == '[');
    }

    /// <summary>Reads one row, which is gone afterwards unless it is cloned.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="number">Its line, from 1, or its index in the array, from 0.</param>
    /// <param name="place">The file and the place in it, for messages.</param>
    public delegate T Reader<out T>(JsonElement value, int number, string place);

    /// <summary>The file and a row's place in it, for messages.</summary>
    public string Place(int number) => _isArray ? $"{_path}: element [{number}]" : $"{_path}: line {number}";

    /// <summary>Reads all rows.</summary>
    /// <exception cref="InputException">The file isn't valid JSON, or an empty array.</exception>
    public List<T> Read<T>(ReadOnlySpan<byte> text, Reader<T> read) => _isArray ? ReadArray(text, read) : ReadLines(text, read);

    private static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    private List<T> ReadArray<T>(ReadOnlySpan<byte> text, Reader<T> read)
    {
        JsonElement array = JsonText.Parse(text, _path);
        if (array.GetArrayLength() == 0)
            throw new InputException($"{_path}: the array is empty; give at least one row");
        var rows = new List<T>(array.GetArrayLength());
        foreach (JsonElement element in array.EnumerateArray())
            rows.Add(read(element, rows.Count, Place(rows.Count)));
        return rows;
    }

    private List<T> ReadLines<T>(ReadOnlySpan<byte> text, Reader<T> read)
    {
        var rows = new List<T>();
        int number = 0;
        foreach (Range range in text.Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = text[range];
            if (line.Trim(" \t\r"u8).IsEmpty)
                continue;
            using JsonDocument document = ParseLine(line, number);
            rows.Add(read(document.RootElement, number, Place(number)));
        }
        return rows;
    }

    private JsonDocument ParseLine(ReadOnlySpan<byte> line, int number)
    {
        try
        {
            return JsonDocument.Parse(line.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            // The reader appends the place to its message, counted from 0 within the line.
            int end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            string cause = OneLine.Escape(end < 0 ? e.Message : e.Message[..end]);
            string hint = IsJson(_path) ? " (a .json file holds an array, or one object a line)" : "";
            throw new InputException($"{Place(number)}, column {(e.BytePositionInLine ?? 0) + 1}: it isn't valid JSON: {cause}{hint}", e);
        }
        catch (InvalidOperationException e)
        {
            // The reader's way to say that a key has an escape that is one half of a surrogate pair.
            throw new InputException($"{Place(number)}: a key has a \\u escape that is half of a surrogate pair, which no text can hold; correct it", e);
        }
    }
}
