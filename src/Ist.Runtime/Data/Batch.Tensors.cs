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
        FillTokens(inputIds, attentionMask, sequences, time, vocabSize);
        RequireLength(labels, sequences * time, nameof(labels));
        for (int s = 0; s < sequences; s++)
        {
            for (int t = Start[s]; t < End[s] - PromptRows; t++)
            {
                long given = labels[s * time + t];
                int label = given == Ignored ? Ignored : Id(given, vocabSize, "labels", s, t);
                if (t > Start[s] || PromptRows > 0)
                    Teach(RowOf(s, t) - 1, label);
            }
        }
    }

    /// <summary>
    /// Takes <c>input_ids</c>, <c>attention_mask</c>, <c>token_type_ids</c> and a label for each sequence, padded on either side.
    /// </summary>
    /// <param name="inputIds">Ids [sequences, time].</param>
    /// <param name="attentionMask">1 for real tokens, 0 for padding [sequences, time].</param>
    /// <param name="tokenTypes">The segment of each token [sequences, time]; empty for 0 everywhere.</param>
    /// <param name="classes">The label of each sequence, or -100 [sequences].</param>
    /// <param name="time">Columns of the tensors.</param>
    /// <param name="vocabSize">Ids lie below it.</param>
    /// <param name="labelCount">Labels lie below it.</param>
    /// <exception cref="InputException">A mask, an id or a label is wrong. Names row and column, from 0.</exception>
    /// <exception cref="ArgumentException">The tensors have another size, or don't fit the capacity.</exception>
    public void FillClassified(
        ReadOnlySpan<long> inputIds, ReadOnlySpan<long> attentionMask, ReadOnlySpan<long> tokenTypes, ReadOnlySpan<long> classes,
        int time, int vocabSize, int labelCount)
    {
        int sequences = classes.Length;
        FillTokens(inputIds, attentionMask, sequences, time, vocabSize);
        if (!tokenTypes.IsEmpty)
            RequireLength(tokenTypes, sequences * time, nameof(tokenTypes));
        for (int s = 0; s < sequences; s++)
        {
            for (int t = Start[s]; t < End[s] - PromptRows && !tokenTypes.IsEmpty; t++)
                TokenTypes[RowOf(s, t)] = checked((int)tokenTypes[s * time + t]);
            if (classes[s] != Ignored && (classes[s] < 0 || classes[s] >= labelCount))
                throw new InputException($"labels [{s}]: {classes[s]} is no label; numbers from 0 to {labelCount - 1} were expected, or -100");
            TeachClass(s, (int)classes[s]);
        }
    }

    private void FillTokens(ReadOnlySpan<long> inputIds, ReadOnlySpan<long> attentionMask, int sequences, int time, int vocabSize)
    {
        Begin(sequences, time, past: 0);
        RequireLength(inputIds, sequences * time, nameof(inputIds));
        RequireLength(attentionMask, sequences * time, nameof(attentionMask));
        for (int s = 0; s < sequences; s++)
        {
            (int start, int end) = RealPart(attentionMask.Slice(s * time, time), s);
            Place(s, 0, start, end);
            for (int t = start; t < end; t++)
                Tokens[RowOf(s, t)] = Id(inputIds[s * time + t], vocabSize, "input_ids", s, t);
        }
    }

    // A column of the tensors, behind the prompt's rows.
    private int RowOf(int sequence, int column) => sequence * Time + PromptRows + column;

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
