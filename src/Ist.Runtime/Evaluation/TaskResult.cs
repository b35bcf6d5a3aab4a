using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Evaluation;

/// <summary>How well a model answers a task.</summary>
/// <param name="Metrics">The figures, the main one first.</param>
/// <param name="Predictions">What it answered, in the order of the rows.</param>
public sealed record TaskResult(IReadOnlyList<TaskMetric> Metrics, IReadOnlyList<TaskPrediction> Predictions)
{
    // Texts stay readable: the file is no part of a web page.
    private static readonly JsonWriterOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Rows whose prompt was too long and lost tokens: at its beginning, of a classifier's text at the end.</summary>
    public int Truncated => Predictions.Count(p => p.IsTruncated);

    /// <summary>Writes the predictions, an object a line.</summary>
    /// <exception cref="RunException">The file can't be written; an old one is unchanged.</exception>
    public void SavePredictions(string path) => AtomicFile.Write(path, stream =>
    {
        var line = new ArrayBufferWriter<byte>();
        foreach (TaskPrediction prediction in Predictions)
        {
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line, _readable))
                prediction.WriteTo(json);
            stream.Write(line.WrittenSpan);
            stream.WriteByte((byte)'\n');
        }
    });
}
