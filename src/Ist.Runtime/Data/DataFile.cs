using System.IO.Hashing;
using System.Text;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Data;

/// <summary>
/// The texts of a file: <c>.jsonl</c> (one object a line; empty lines are skipped), <c>.json</c> (an array, or one object a
/// line) or <c>.txt</c> (one running text, whose CRLF become LF). UTF-8, with or without a byte order mark.
/// </summary>
public sealed class DataFile
{
    private readonly JsonRows _json;

    private DataFile(string path, ReadOnlySpan<byte> bytes)
    {
        Path = path;
        ContentHash = XxHash128.HashToUInt128(bytes).ToString("x32");
        ReadOnlySpan<byte> text = Utf8Text.Check(bytes, path);
        string extension = Extension(path);
        _json = new JsonRows(path, text);
        var rows = new RowReader();
        Rows = extension == ".txt" ? [new DataRow("", Encoding.UTF8.GetString(text).Replace("\r\n", "\n"), 1)] : _json.Read(text, rows.Read);
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
    public string Place(DataRow row) => _json.Place(row.Number);

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
}
