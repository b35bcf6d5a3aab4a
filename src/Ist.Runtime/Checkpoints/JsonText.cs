using System.Text.Json;

namespace Ist.Runtime.Checkpoints;

/// <summary>Parses JSON whose every string is valid, so that reading it later can't fail.</summary>
internal static class JsonText
{
    /// <summary>The root value, which holds no reference to <paramref name="utf8"/>. A byte order mark is skipped.</summary>
    /// <exception cref="InputException">Names the file, the line and the column (in bytes, from 1) of the first error.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8, string source)
    {
        if (utf8.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        CheckStrings(utf8, source);
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw Invalid(source, e);
        }
    }

    private static void CheckStrings(ReadOnlySpan<byte> utf8, string source)
    {
        var reader = new Utf8JsonReader(utf8);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    reader.GetString();
            }
        }
        catch (JsonException e)
        {
            throw Invalid(source, e);
        }
        catch (InvalidOperationException e)
        {
            // The reader's way to say that a string is no valid UTF-8 or UTF-16.
            ReadOnlySpan<byte> before = utf8[..(int)reader.TokenStartIndex];
            int column = before.Length - before.LastIndexOf((byte)'\n');
            throw new InputException($"{source}: line {before.Count((byte)'\n') + 1}, column {column}: this string isn't valid UTF-8; save the file as UTF-8", e);
        }
    }

    private static InputException Invalid(string source, JsonException e)
    {
        string place = e.LineNumber is long line ? $" line {line + 1}, column {e.BytePositionInLine + 1}:" : "";
        // The reader appends the place to its message, counted from 0.
        int end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string cause = end < 0 ? e.Message : e.Message[..end];
        return new InputException($"{source}:{place} it isn't valid JSON: {OneLine.Escape(cause)}", e);
    }
}
