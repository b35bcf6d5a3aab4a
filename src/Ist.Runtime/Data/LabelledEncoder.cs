using System.Globalization;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Data;

/// <summary>
/// Turns rows with a label into examples for a classifier: the text, or the pair of texts, with the special tokens that the model's
/// tokenizer puts around and between them.
/// </summary>
public static class LabelledEncoder
{
    /// <summary>Encodes all rows.</summary>
    /// <param name="file">The rows.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="labels">The names of the model's labels (<c>id2label</c>); a row's label is one of them or its number.</param>
    /// <param name="maxLength">The most tokens of an example, special ones among them.</param>
    /// <exception cref="InputException">The rows have no labels, or a label is unknown; names its line or index.</exception>
    public static DataSet Encode(DataFile file, Tokenizer tokenizer, IReadOnlyList<string> labels, int maxLength)
    {
        if (file.Form != DataForm.Labelled)
            throw new InputException($"{file.Path}: its rows have no labels, but the model classifies texts; give rows such as {{\"text\", \"label\"}} or {{\"sentence1\", \"sentence2\", \"label\"}}");
        return new DataSet([.. file.Rows.Select(row => Encode(file, row, tokenizer, labels, maxLength))]);
    }

    private static Example Encode(DataFile file, DataRow row, Tokenizer tokenizer, IReadOnlyList<string> labels, int maxLength)
    {
        EncodedText text = tokenizer.Encode(row.Prompt, row.Completion.Length == 0 ? null : row.Completion, maxLength);
        return new Example(text.Ids, Number(file, row, labels), text.TokenTypes, text.IsCut);
    }

    private static int Number(DataFile file, DataRow row, IReadOnlyList<string> labels)
    {
        for (int i = 0; i < labels.Count; i++)
        {
            if (labels[i] == row.Label || i.ToString(CultureInfo.InvariantCulture) == row.Label)
                return i;
        }
        throw new InputException($"{file.Place(row)}: the label {OneLine.Quote(row.Label!)} is none of the model's{NearestName.Hint(row.Label!, labels)}; expected 0 to {labels.Count - 1}, or a name of id2label in config.json: {OneLine.List(labels)}");
    }
}
