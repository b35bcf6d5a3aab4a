using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Data;

/// <summary>
/// The texts of a file: <c>.jsonl</c> (one object a line; empty lines are skipped), <c>.json</c> (an array, or one object a
/// line) or <c>.txt</c> (one running text, whose CRLF become LF). UTF-8, with or without a byte order mark.
/// </summary>
public sealed class DataFile
{
    private readonly bool _isArray;

    private DataFile(string path, ReadOnlySpan<byte> bytes)
    {
        Path = path;
        ContentHash = XxHash128.HashToUInt128(bytes).ToString("x32");
        ReadOnlySpan<byte> text = Utf8Text.Check(bytes, path);
        ReadOnlySpan<byte> start = text.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty)
            throw new InputException($"{path}: the file is empty; give at least one row");
        string extension = Extension(path);
        _isArray = extension == ".json" && start[0] == '[';
        var rows = new RowReader();
        Rows = extension == ".txt" ? [new DataRow("", Encoding.UTF8.GetString(text).Replace("\r\n", "\n"), 1)]
            : _isArray ? ReadArray(text, rows)
            : ReadLines(text, rows);
        Form = extension == ".txt" ? DataForm.PlainText : rows.Form;
    }

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

    /// <summary>The form of all rows.</summary>
    public DataForm Form { get; }

    /// <summary>The rows in the file's order; a <c>.txt</c> file has one, its whole text.</summary>
    public IReadOnlyList<DataRow> Rows { get; }

    /// <summary>XXH3 (128 bits, 32 hexadecimal digits) of the file's bytes, to tell whether a run read the same data.</summary>
    public string ContentHash { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">
    /// It can't be read, its kind isn't known, or a row is wrong: names the line (from 1) or the index in the array (from 0).
    /// </exception>
    public static DataFile Load(string path)
    {
        // The extension comes first: nobody has to read a parquet file to be told that it isn't supported.
        Extension(path);
        return new DataFile(path, InputFile.ReadAllBytes(path));
    }

    /// <summary>The file and the row's place in it, for messages.</summary>
    public string Place(DataRow row) => At(row.Number);

    private string At(int number) => _isArray ? $"{Path}: element [{number}]" : $"{Path}: line {number}";

    private static string Extension(string path)
    {
        string extension = System.IO.Path.GetExtension(path).ToLowerInvariant();
        return extension switch
        {
            ".jsonl" or ".json" or ".txt" => extension,
            ".parquet" or ".csv" or ".tsv" or ".arrow" => throw new InputException($"{path}: {extension} files aren't supported yet; convert it to .jsonl, one object a line"),
            _ => throw new InputException($"{path}: the kind of a data file is told by its name; expected .jsonl, .json or .txt"),
        };
    }

    private List<DataRow> ReadArray(ReadOnlySpan<byte> text, RowReader reader)
    {
        JsonElement array = JsonText.Parse(text, Path);
        if (array.GetArrayLength() == 0)
            throw new InputException($"{Path}: the array is empty; give at least one row");
        var rows = new List<DataRow>(array.GetArrayLength());
        foreach (JsonElement element in array.EnumerateArray())
            rows.Add(reader.Read(element, rows.Count, At(rows.Count)));
        return rows;
    }

    private List<DataRow> ReadLines(ReadOnlySpan<byte> text, RowReader reader)
    {
        var rows = new List<DataRow>();
        int number = 0;
        foreach (Range range in text.Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = text[range];
            if (line.Trim(" \t\r"u8).IsEmpty)
                continue;
            using JsonDocument document = ParseLine(line, number);
            rows.Add(reader.Read(document.RootElement, number, At(number)));
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
            string hint = Extension(Path) == ".json" ? " (a .json file holds an array, or one object a line)" : "";
            throw new InputException($"{At(number)}, column {(e.BytePositionInLine ?? 0) + 1}: it isn't valid JSON: {cause}{hint}", e);
        }
        catch (InvalidOperationException e)
        {
            // The reader's way to say that a key has an escape that is one half of a surrogate pair.
            throw new InputException($"{At(number)}: a key has a \\u escape that is half of a surrogate pair, which no text can hold; correct it", e);
        }
    }
}
