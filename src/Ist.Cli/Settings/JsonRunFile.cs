using System.Globalization;
using System.Text;
using System.Text.Json;
using Ist.Runtime;

namespace Ist.Cli.Settings;

/// <summary>Reads a run's file in JSON.</summary>
internal static class JsonRunFile
{
    /// <summary>The entries, in order.</summary>
    /// <exception cref="InputException">It is no JSON object, or a value is neither a scalar nor a list of scalars.</exception>
    public static IReadOnlyList<RunFileEntry> Read(string path, byte[] bytes)
    {
        ReadOnlySpan<byte> text = bytes;
        if (text.StartsWith(Encoding.UTF8.Preamble))
            text = text[3..];
        var entries = new List<RunFileEntry>();
        var reader = new Utf8JsonReader(text);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new InputException($"{path}: line 1: expected a JSON object of keys and values, such as {{\"rank\": 8}}");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                entries.Add(Entry(path, text, ref reader));
            // What follows the object would be a fault of the file, so it is read as well.
            reader.Read();
            return entries;
        }
        catch (JsonException e)
        {
            string cause = e.Message.Split(" LineNumber:")[0];
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{path}: line {(e.LineNumber ?? 0) + 1}: it isn't valid JSON: {cause}"), e);
        }
        catch (InvalidOperationException e)
        {
            // The reader's way to tell of a string that is no UTF-8.
            throw new InputException($"{path}: line {Line(text, reader)}: it isn't valid UTF-8; save the file in UTF-8", e);
        }
    }

    private static RunFileEntry Entry(string path, ReadOnlySpan<byte> text, ref Utf8JsonReader reader)
    {
        int line = Line(text, reader);
        string key = reader.GetString()!;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            return new RunFileEntry(key, line, Kind(reader), reader.TokenType == JsonTokenType.Null ? null : [Scalar(path, line, key, reader)], IsList: false);
        var items = new List<string>();
        var kinds = new HashSet<ScalarKind>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Scalar(path, line, key, reader));
            kinds.Add(Kind(reader));
        }
        return new RunFileEntry(key, line, kinds.Count == 1 ? kinds.Single() : ScalarKind.Text, items, IsList: true);
    }

    private static string Scalar(string path, int line, string key, in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => throw new InputException($"{path}: line {line}: '{key}' is nested; expected a value or a list of values"),
    };

    private static ScalarKind Kind(in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number => ScalarKind.Number,
        JsonTokenType.True or JsonTokenType.False => ScalarKind.Boolean,
        _ => ScalarKind.Text,
    };

    private static int Line(ReadOnlySpan<byte> text, in Utf8JsonReader reader) => text[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
}
