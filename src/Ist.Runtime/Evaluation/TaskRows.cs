using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;

namespace Ist.Runtime.Evaluation;

/// <summary>The rows of a task's file: <c>.jsonl</c> (one object a line) or <c>.json</c> (an array, or one object a line), in UTF-8.</summary>
public static class TaskRows
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It can't be read, is of another kind, or a row is no object; names its line or index.</exception>
    public static IReadOnlyList<TaskRow> Load(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is not (".jsonl" or ".json"))
            throw new InputException($"{path}: a task reads rows with fields from .jsonl or .json files; convert it to .jsonl, one object a line");
        ReadOnlySpan<byte> text = Utf8Text.Check(InputFile.ReadAllBytes(path), path);
        return new JsonRows(path, text).Read(text, (value, number, place) => value.ValueKind == JsonValueKind.Object
            ? new TaskRow(value.Clone(), number, place)
            : throw new InputException($"{place}: a row must be an object, found {value.ValueKind}"));
    }
}
