using System.Runtime.InteropServices;

namespace Ist.Runtime.Data;

/// <summary>
/// Token rows for a forward and backward pass, [sequences, time], in memory of their own that is used again for every batch:
/// filling one allocates nothing. Each row's real tokens stand together, after and before any padding.
/// </summary>
public sealed unsafe class Batch : IDisposable
{
    /// <summary>The target of a place that is not trained, as Hugging Face marks it.</summary>
    public const int Ignored = -100;

    private readonly int* _memory;

    /// <summary>Takes memory for the largest batch.</summary>
    public Batch(int maxSequences, int maxTime)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSequences);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTime);
        MaxSequences = maxSequences;
        MaxTime = maxTime;
        long rows = Aligned((long)maxSequences * maxTime), sequences = Aligned(maxSequences);
        _memory = (int*)NativeMemory.AlignedAlloc(checked((nuint)((3 * rows + 2 * sequences) * sizeof(int))), 64);
        Tokens = _memory;
        Targets = Tokens + rows;
        Positions = Targets + rows;
        Start = Positions + rows;
        End = Start + sequences;
    }

    /// <summary>The most sequences.</summary>
    public int MaxSequences { get; }

    /// <summary>The most tokens in a sequence.</summary>
    public int MaxTime { get; }

    /// <summary>Sequences in use.</summary>
    public int Sequences { get; private set; }

    /// <summary>Places in each sequence, padding among them.</summary>
    public int Time { get; private set; }

    /// <summary>Places in all.</summary>
    public int Rows => Sequences * Time;

    /// <summary>The token at each place; 0 in padding.</summary>
    public int* Tokens { get; }

    /// <summary>The token that the place is to predict: the label of the next one, or <see cref="Ignored"/>.</summary>
    public int* Targets { get; }

    /// <summary>The place's index among the real tokens of its sequence; 0 in padding.</summary>
    public int* Positions { get; }

    /// <summary>For each sequence the first place that is a real token.</summary>
    public int* Start { get; }

    /// <summary>For each sequence the place after the last real token.</summary>
    public int* End { get; }

    /// <summary>Places with a target.</summary>
    public int TrainedTokens { get; private set; }

    /// <summary>Real tokens.</summary>
    public int RealTokens { get; private set; }

    /// <summary>Tokens of each sequence that stand in the key/value cache already; 0 except in generation.</summary>
    public int Past { get; private set; }

    /// <summary>Some rows of a data set, padded on the right to the longest of them.</summary>
    public void Fill(IReadOnlyList<Example> examples, ReadOnlySpan<int> indices)
    {
        int time = 0;
        foreach (int index in indices)
            time = Math.Max(time, examples[index].Tokens.Length);
        Begin(indices.Length, time, past: 0);
        for (int b = 0; b < Sequences; b++)
        {
            Example example = examples[indices[b]];
            Put(b, example.Tokens, 0);
            for (int t = 0; t + 1 < example.Labels.Length; t++)
                SetTarget(b, t, example.Labels[t + 1]);
        }
    }

    /// <summary>One sequence of tokens that continues one whose first tokens are in the cache.</summary>
    public void Fill(ReadOnlySpan<int> tokens, int past)
    {
        Begin(1, tokens.Length, past);
        Put(0, tokens, 0);
        for (int t = 0; t < Time; t++)
            Positions[t] = past + t;
    }

    /// <summary>
    /// Rows as Hugging Face takes them. A place in the padding predicts nothing: where padding stands before the tokens, Hugging
    /// Face's loss also counts how the last padded place, which has seen no token, predicts the first one.
    /// </summary>
    /// <param name="inputIds">[sequences, time].</param>
    /// <param name="attentionMask">[sequences, time]: 1 for real tokens, which must stand together.</param>
    /// <param name="labels">[sequences, time], not shifted; -100 where nothing is trained.</param>
    /// <param name="sequences">Rows.</param>
    /// <param name="time">Places in each.</param>
    /// <param name="vocabSize">Ids and labels must be below this.</param>
    /// <exception cref="InputException">An id or label is out of range, or the mask has a hole or no token.</exception>
    public void Fill(
        ReadOnlySpan<long> inputIds, ReadOnlySpan<long> attentionMask, ReadOnlySpan<long> labels, int sequences, int time, int vocabSize)
    {
        Begin(sequences, time, past: 0);
        for (int b = 0; b < sequences; b++)
        {
            ReadOnlySpan<long> mask = attentionMask.Slice(b * time, time);
            int start = mask.IndexOfAnyExcept(0), end = mask.LastIndexOfAnyExcept(0) + 1;
            if (start < 0)
                throw new InputException($"attention_mask: row {b} has no token; every row needs at least one");
            if (mask[start..end].IndexOf(0) is >= 0 and var hole)
                throw new InputException($"attention_mask: row {b} has a hole at {start + hole}; padding must stand before or after all tokens");
            Start[b] = start;
            End[b] = end;
            RealTokens += end - start;
            for (int t = 0; t < time; t++)
            {
                bool real = t >= start && t < end;
                Tokens[b * time + t] = real ? Id(inputIds[b * time + t], vocabSize, "input_ids", b, t) : 0;
                Positions[b * time + t] = real ? t - start : 0;
                if (real && t + 1 < time && labels[b * time + t + 1] != Ignored)
                    SetTarget(b, t, Id(labels[b * time + t + 1], vocabSize, "labels", b, t + 1));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private static long Aligned(long count) => (count + 15) / 16 * 16;

    private static int Id(long id, int vocabSize, string tensor, int row, int column) =>
        id >= 0 && id < vocabSize
            ? (int)id
            : throw new InputException($"{tensor}: [{row}, {column}] is {id}, expected 0 to {vocabSize - 1}{(tensor == "labels" ? " or -100" : "")}");

    private void Begin(int sequences, int time, int past)
    {
        if (sequences > MaxSequences || time > MaxTime)
            throw new ArgumentOutOfRangeException(nameof(sequences), $"The batch holds {MaxSequences} x {MaxTime} tokens; {sequences} x {time} were given.");
        Sequences = sequences;
        Time = time;
        Past = past;
        TrainedTokens = RealTokens = 0;
        new Span<int>(Tokens, Rows).Clear();
        new Span<int>(Positions, Rows).Clear();
        new Span<int>(Targets, Rows).Fill(Ignored);
    }

    private void Put(int b, ReadOnlySpan<int> tokens, int start)
    {
        tokens.CopyTo(new Span<int>(Tokens + b * Time + start, tokens.Length));
        for (int t = 0; t < tokens.Length; t++)
            Positions[b * Time + start + t] = t;
        Start[b] = start;
        End[b] = start + tokens.Length;
        RealTokens += tokens.Length;
    }

    private void SetTarget(int b, int t, int target)
    {
        if (target == Ignored)
            return;
        Targets[b * Time + t] = target;
        TrainedTokens++;
    }
}
