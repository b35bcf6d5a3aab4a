namespace Ist.Runtime.Data;

/// <summary>
/// Turns the rows of a file into examples.
/// <para>
/// A row is BOS (where the tokenizer adds one), prompt, completion, EOS. Prompt and completion are tokenised apart and joined,
/// with nothing put between them: tokenised together, a merge across the boundary would leave no place where the prompt
/// ends, and the ids of a prompt given alone at inference would not be those it was trained with. So the row says what
/// separates them, best with a line break at the end of the prompt, or a space at the beginning of the completion (where byte-level
/// vocabularies have it, as a part of the first word). A SentencePiece tokenizer with a dummy prefix puts its own space
/// before the completion, as before any text.
/// </para>
/// <para>
/// Prompts are not trained unless asked for; EOS is, so that the model learns to stop. A row that is too long loses its end, EOS
/// included.
/// </para>
/// <para>
/// A <c>.txt</c> file is tokenised as one stream, BOS (where the tokenizer adds one) at its beginning and EOS at its end alone, and
/// cut into windows, as transformers' <c>run_clm.py</c> does. The last window may be shorter; a single token left over, which
/// has nothing to predict, is dropped.
/// </para>
/// </summary>
public static class ExampleEncoder
{
    /// <summary>Encodes all rows.</summary>
    /// <exception cref="InputException">The maximal length is under 2, or a row has no token to train; names its line or index.</exception>
    public static DataSet Encode(DataFile file, ITextEncoder encoder, EncodingOptions options)
    {
        if (options.MaxLength < 2)
            throw new InputException($"max_length {options.MaxLength}: an example needs at least 2 tokens, one to read and one to predict");
        if (file.Form == DataForm.Labelled)
            throw new InputException($"{file.Path}: its rows have labels, which a classifier learns; for a decoder give rows of another form, or a model that classifies");
        return file.Form == DataForm.PlainText
            ? new DataSet(Windows(file, encoder, options.MaxLength), isContiguous: true)
            : new DataSet([.. file.Rows.Select(row => Row(file, row, encoder, options))]);
    }

    private static Example Row(DataFile file, DataRow row, ITextEncoder encoder, EncodingOptions options)
    {
        var ids = new List<int>();
        if (Bos(encoder) is int bos)
            ids.Add(bos);
        int given = ids.Count;
        encoder.Encode(row.Prompt, ids);
        if (!options.TrainOnPrompt)
            given = ids.Count;
        encoder.Encode(row.Completion, ids);
        ids.Add(encoder.EosId);
        bool isCut = ids.Count > options.MaxLength;
        if (isCut)
            ids.RemoveRange(options.MaxLength, ids.Count - options.MaxLength);
        var example = new Example([.. ids], Labels(ids, given), isCut);
        return example.TrainedTokens > 0 ? example : throw new InputException(
            $"{file.Place(row)}: no token is left to train: the prompt alone has {given} tokens, and max_length is {options.MaxLength}; shorten the prompt or raise the length");
    }

    private static List<Example> Windows(DataFile file, ITextEncoder encoder, int maxLength)
    {
        var stream = new List<int>();
        if (Bos(encoder) is int bos)
            stream.Add(bos);
        encoder.Encode(file.Rows[0].Completion, stream);
        stream.Add(encoder.EosId);
        var windows = new List<Example>();
        for (int at = 0; stream.Count - at >= 2; at += maxLength)
        {
            List<int> ids = stream.GetRange(at, Math.Min(maxLength, stream.Count - at));
            windows.Add(new Example([.. ids], Labels(ids, given: 0)));
        }
        return windows.Count > 0 ? windows : throw new InputException($"{file.Path}: the text has a single token, so there is nothing to predict; give a longer text");
    }

    private static int[] Labels(List<int> ids, int given)
    {
        int[] labels = [.. ids];
        labels.AsSpan(0, Math.Min(given, labels.Length)).Fill(Batch.Ignored);
        return labels;
    }

    private static int? Bos(ITextEncoder encoder) => encoder.AddsBos ? encoder.BosId : null;
}
