using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Data;

/// <summary>Turns the JSON objects of one file into rows. The first one decides the form, the others must have the same.</summary>
internal sealed class RowReader
{
    private const string Forms = """{"text"}, {"prompt", "completion"}, {"instruction", "input", "output"} and, for a classifier, {"text", "label"}""";

    /// <summary>The texts of rows with a label: one, or the two of a pair.</summary>
    private static readonly string[][] _labelledTexts =
    [
        ["text"], ["sentence"], ["text", "text_pair"], ["sentence1", "sentence2"], ["premise", "hypothesis"], ["question1", "question2"], ["question", "sentence"],
    ];

    private static readonly string[] _messageLists = ["messages", "conversations", "conversation", "dialog", "chosen", "rejected"];

    private string? _firstPlace;

    /// <summary>The form of the rows read so far.</summary>
    public DataForm Form { get; private set; }

    /// <summary>Reads one row.</summary>
    /// <param name="value">The row's JSON value.</param>
    /// <param name="number">The row's number in its file.</param>
    /// <param name="place">The file and the row's place in it, for messages.</param>
    /// <exception cref="InputException">It isn't a row of the form of the first one.</exception>
    public DataRow Read(JsonElement value, int number, string place)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new InputException($"{place}: a row must be an object, found {Kind(value)}; known forms are {Forms}");
        Require(FormOf(value, place), value, place);
        return Form switch
        {
            DataForm.Text => new DataRow("", Trained(value, "text", place), number),
            DataForm.Labelled => Labelled(value, number, place),
            DataForm.PromptCompletion => new DataRow(Text(value, "prompt", place), Trained(value, "completion", place), number),
            _ => new DataRow(
                AlpacaTemplate.Prompt(Text(value, "instruction", place), value.TryGetProperty("input", out _) ? Text(value, "input", place) : ""),
                Trained(value, "output", place), number),
        };
    }

    private void Require(DataForm form, JsonElement value, string place)
    {
        if (_firstPlace is null)
            (_firstPlace, Form) = (place, form);
        else if (form != Form)
            throw new InputException($"{place}: this row has the keys {Keys(value)}, unlike the first one ({_firstPlace}), which has the form {Name(Form)}; give all rows of a file one form");
    }

    private static DataForm FormOf(JsonElement value, string place)
    {
        var keys = new HashSet<string>(value.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal);
        if (keys.SetEquals(["text"]))
            return DataForm.Text;
        if (keys.SetEquals(["prompt", "completion"]))
            return DataForm.PromptCompletion;
        if (keys.Contains("instruction") && keys.Contains("output") && keys.IsSubsetOf(["instruction", "input", "output", "answer"]))
            return DataForm.Alpaca;
        if (keys.Contains("label") && TextsOf(keys) is not null)
            return DataForm.Labelled;
        string? list = Array.Find(_messageLists, keys.Contains);
        throw new InputException(list is null
            ? $"{place}: no known form has the keys {(keys.Count == 0 ? "of an empty object" : Keys(value))}; known forms are {Forms}: rename the keys and remove those that don't belong to the form"
            : $"{place}: lists of messages ({OneLine.Quote(list)}) aren't supported yet; known forms are {Forms}");
    }

    // GLUE's rows have a number of their own, which says nothing.
    private static string[]? TextsOf(HashSet<string> keys) =>
        Array.Find(_labelledTexts, texts => keys.SetEquals([.. texts, "label"]) || keys.SetEquals([.. texts, "label", "idx"]));

    private static DataRow Labelled(JsonElement row, int number, string place)
    {
        string[] texts = TextsOf([.. row.EnumerateObject().Select(p => p.Name)])!;
        JsonElement label = row.GetProperty("label");
        string name = label.ValueKind switch
        {
            JsonValueKind.String => label.GetString()!,
            JsonValueKind.Number => label.GetRawText(),
            _ => throw new InputException($"{place}: 'label' must be a label's name or number, found {Kind(label)}"),
        };
        return new DataRow(Text(row, texts[0], place), texts.Length == 1 ? "" : Text(row, texts[1], place), number, name);
    }

    private static string Trained(JsonElement row, string key, string place)
    {
        string text = Text(row, key, place);
        return text.Length > 0 ? text : throw new InputException($"{place}: '{key}' is empty, so there is nothing to train on; remove the row or fill it in");
    }

    private static string Text(JsonElement row, string key, string place)
    {
        JsonElement value = row.GetProperty(key);
        if (value.ValueKind != JsonValueKind.String)
            throw new InputException($"{place}: '{key}' must be a string, found {Kind(value)}");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // The reader's way to say that an escape is one half of a surrogate pair.
            throw new InputException($"{place}: '{key}' has a \\u escape that is half of a surrogate pair, which no text can hold; correct it", e);
        }
    }

    private static string Keys(JsonElement row) => OneLine.List(row.EnumerateObject().Select(p => p.Name));

    private static string Name(DataForm form) => form switch
    {
        DataForm.Text => """{"text"}""",
        DataForm.PromptCompletion => """{"prompt", "completion"}""",
        DataForm.Labelled => """{"text", "label"}""",
        _ => """{"instruction", "input", "output"}""",
    };

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };
}
