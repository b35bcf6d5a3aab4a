using System.Text.Encodings.Web;
using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Samples.Making.Records;

/// <summary>Rows as JSONL.</summary>
internal static class RecordFile
{
    // Web pages are no concern here: "=>" stays readable.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a line <c>{"prompt": …, "completion": …}</c> a row.</summary>
    public static void Write(string path, IReadOnlyList<RecordRow> rows) => AtomicFile.Write(path, stream =>
    {
        foreach (RecordRow row in rows)
        {
            using (var writer = new Utf8JsonWriter(stream, _options))
            {
                writer.WriteStartObject();
                writer.WriteString("prompt", row.Prompt);
                writer.WriteString("completion", row.Completion);
                writer.WriteEndObject();
            }
            stream.WriteByte((byte)'\n');
        }
    });
}
