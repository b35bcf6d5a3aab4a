namespace Ist.Runtime.Data;

/// <content>Examples that share a row, and where each of them stands.</content>
public sealed unsafe partial class Batch
{
    /// <summary>Examples at hand: as many as sequences, or more where they are packed.</summary>
    public int Segments { get; private set; }

    /// <summary>
    /// The row that each segment's room begins with, counted over all sequences, and <see cref="Rows"/> behind them [Segments + 1]. Padding
    /// belongs to the room of a neighbour.
    /// </summary>
    public int* SegmentRows { get; }

    /// <summary>The first real row of each segment [Segments], virtual ones included, counted from the first of its room.</summary>
    public int* SegmentStart { get; }

    /// <summary>One past the last real row of each segment [Segments], likewise.</summary>
    public int* SegmentEnd { get; }

    /// <summary>The largest <see cref="SegmentEnd"/>.</summary>
    public int LongestSegment { get; private set; }

    /// <summary>
    /// Takes packed examples: sequence by sequence those of a row, each behind the one before, and padding behind the last. The last token
    /// of an example predicts nothing.
    /// </summary>
    /// <param name="examples">All examples.</param>
    /// <param name="rows">Which of them share a row.</param>
    /// <param name="indices">The rows to take.</param>
    /// <exception cref="ArgumentOutOfRangeException">They don't fit the capacity.</exception>
    public void Fill(IReadOnlyList<Example> examples, PackedRows rows, ReadOnlySpan<int> indices)
    {
        int longest = 0;
        foreach (int index in indices)
        {
            int length = -VirtualTokens.Prompt;
            foreach (int example in rows[index])
                length += VirtualTokens.Prompt + examples[example].Tokens.Length;
            longest = Math.Max(longest, length);
        }
        Begin(indices.Length, longest, past: 0);
        for (int s = 0; s < indices.Length; s++)
        {
            int column = 0;
            foreach (int example in rows[indices[s]])
            {
                Put(examples[example], s, column);
                column = End[s];
            }
        }
    }

    /// <summary>An example stands in the columns of a sequence from this one on.</summary>
    private void Put(Example example, int sequence, int column)
    {
        int first = sequence * Time + column + PromptRows;
        Place(sequence, column, 0, example.Tokens.Length);
        example.Tokens.CopyTo(new Span<int>(Tokens + first, example.Tokens.Length));
        example.TokenTypes.CopyTo(new Span<int>(TokenTypes + first, example.Tokens.Length));
        TeachClass(sequence, example.Class);
        for (int t = PromptRows > 0 ? 0 : 1; t < example.Labels.Length; t++)
            Teach(first + t - 1, example.Labels[t]);
    }

    /// <summary>
    /// The tokens of the next segment stand in these columns of its room, counted without the prompt's. The room begins at a column of the
    /// sequence and ends where the next one begins. Segments come in order.
    /// </summary>
    private void Place(int sequence, int column, int start, int end)
    {
        int row = sequence * Time + column, last = end + PromptRows;
        Start[sequence] = column == 0 ? start : Start[sequence];
        End[sequence] = column + last;
        (SegmentRows[Segments], SegmentStart[Segments], SegmentEnd[Segments]) = (row, start, last);
        SegmentRows[++Segments] = (sequence + 1) * Time;
        LongestSegment = Math.Max(LongestSegment, last);
        RealTokens += end - start;
        for (int t = start; t < last; t++)
            Positions[row + t] = VirtualTokens.Prefix + Past + t - start;
    }
}
