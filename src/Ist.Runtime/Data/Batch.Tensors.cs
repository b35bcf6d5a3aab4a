namespace Ist.Runtime.Data;

/// <content>Filling from tensors in Hugging Face's layout.</content>
public sealed unsafe partial class Batch
{
    /// <summary>
    /// Takes <c>input_ids</c>, <c>attention_mask</c> and <c>labels</c>, padded on either side. Ids and labels in padding aren't read.
    /// A label right after padding is ignored, because nothing real stands before it to predict it from. (Hugging Face does count it:
    /// with padding on the left its loss includes what the last padded row predicts.) A prompt's rows stand right before the first real
    /// token, on whichever side a row is padded, and the last of them predicts it.
    /// </summary>
    /// <param name="inputIds">Ids [sequences, time].</param>
    /// <param name="attentionMask">1 for real tokens, 0 for padding [sequences, time].</param>
    /// <param name="labels">Not shifted: each token's own id, or -100 [sequences, time].</param>
    /// <param name="sequences">Rows of the tensors.</param>
    /// <param name="time">Columns of the tensors.</param>
    /// <param name="vocabSize">Ids lie below it.</param>
    /// <exception cref="InputException">
    /// A mask has values other than 0 and 1, a hole, or no 1; an id or a label lies outside the vocabulary. Names row and column, from 0.
    /// </exception>
    /// <exception cref="ArgumentException">The tensors have another size, or don't fit the capacity.</exception>
    public void Fill(ReadOnlySpan<long> inputIds, ReadOnlySpan<long> attentionMask, ReadOnlySpan<long> labels, int sequences, int time, int vocabSize)
    {
        Begin(sequences, time, past: 0);
        RequireLength(inputIds, sequences * time, nameof(inputIds));
        RequireLength(attentionMask, sequences * time, nameof(attentionMask));
        RequireLength(labels, sequences * time, nameof(labels));
        for (int s = 0; s < sequences; s++)
        {
            (int start, int end) = RealPart(attentionMask.Slice(s * time, time), s);
            Place(s, start, end);
            for (int t = start; t < end; t++)
            {
                int from = s * time + t, row = s * Time + PromptRows + t;
                Tokens[row] = Id(inputIds[from], vocabSize, "input_ids", s, t);
                int label = labels[from] == Batch.Ignored ? Batch.Ignored : Id(labels[from], vocabSize, "labels", s, t);
                if (t > start || PromptRows > 0)
                    Teach(row - 1, label);
            }
        }
    }

    private static (int Start, int End) RealPart(ReadOnlySpan<long> mask, int sequence)
    {
        int other = mask.IndexOfAnyExcept(0L, 1L);
        if (other >= 0)
            throw new InputException($"attention_mask [{sequence}, {other}]: 0 or 1 was expected, found {mask[other]}");
        int start = mask.IndexOf(1L);
        if (start < 0)
            throw new InputException($"attention_mask [{sequence}]: the row has no real token; leave it out of the batch");
        int end = mask.LastIndexOf(1L) + 1;
        int hole = mask[start..end].IndexOf(0L);
        if (hole >= 0)
            throw new InputException($"attention_mask [{sequence}, {start + hole}]: a 0 between ones; padding may stand before or after a text, not within it");
        return (start, end);
    }

    private static int Id(long value, int vocabSize, string tensor, int sequence, int column)
    {
        if (value < 0 || value >= vocabSize)
            throw new InputException($"{tensor} [{sequence}, {column}]: {value} is outside the vocabulary; ids from 0 to {vocabSize - 1} were expected{(tensor == "labels" ? ", or -100" : "")}");
        return (int)value;
    }

    private static void RequireLength(ReadOnlySpan<long> tensor, int length, string name)
    {
        if (tensor.Length != length)
            throw new ArgumentException($"The tensor has {tensor.Length} elements, not {length}.", name);
    }
}
