using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Evaluation;

/// <summary>A row of a task's file, read by the names of its fields.</summary>
/// <param name="Value">The object.</param>
/// <param name="Number">The row's line, from 1, or its index in a JSON array, from 0.</param>
/// <param name="Place">The file and the row's place in it, for messages.</param>
public readonly record struct TaskRow(JsonElement Value, int Number, string Place)
{
    /// <summary>A field as text; a number or a truth value as JSON writes it.</summary>
    /// <exception cref="InputException">The row lacks it, or has something else there.</exception>
    public string Text(string field) => Text(Find(field), field);

    /// <summary>A field that is a list of texts.</summary>
    /// <exception cref="InputException">The row lacks it, or has something else there.</exception>
    public IReadOnlyList<string> Texts(string field)
    {
        JsonElement list = Find(field);
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw new InputException($"{Place}: {OneLine.Quote(field)} must be a list of texts, found {list.ValueKind}");
        TaskRow row = this;
        return [.. list.EnumerateArray().Select(item => row.Text(item, field))];
    }

    private JsonElement Find(string field) => Value.TryGetProperty(field, out JsonElement value) ? value : throw new InputException(
        $"{Place}: the task reads the field {OneLine.Quote(field)}, which the row lacks{NearestName.Hint(field, Value.EnumerateObject().Select(p => p.Name))}; it has {OneLine.List(Value.EnumerateObject().Select(p => p.Name))}");

    private string Text(JsonElement value, string field) => value.ValueKind switch
    {
        JsonValueKind.String => String(value, field),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw new InputException($"{Place}: {OneLine.Quote(field)} must be a text or a number, found {value.ValueKind}"),
    };

    private string String(JsonElement value, string field)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // The reader's way to say that an escape is one half of a surrogate pair.
            throw new InputException($"{Place}: {OneLine.Quote(field)} has a \\u escape that is half of a surrogate pair, which no text can hold; correct it", e);
        }
    }
}
