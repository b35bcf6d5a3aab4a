using System.Runtime.InteropServices;

namespace Ist.Runtime.Data;

/// <summary>
/// Sequences side by side as kernels read them: [<see cref="Sequences"/>, <see cref="Time"/>], padded to the longest. A sequence is one
/// example, or several that are packed behind each other, each a segment that attends to itself alone and has positions of its own. The
/// memory is allocated once, outside the managed heap and aligned to 64 bytes; filling allocates nothing. No finalizer frees it: kernels
/// hold the bare pointers, which a collection must not pull away.
/// </summary>
public sealed unsafe partial class Batch : IDisposable
{
    /// <summary>The target and label that is not trained, as in PyTorch's cross-entropy and Hugging Face's data sets.</summary>
    public const int Ignored = -100;

    private const nuint Alignment = 64;

    private int* _memory;

    /// <summary>Allocates a batch of this capacity; it is empty at first.</summary>
    /// <param name="maxSequences">The most sequences.</param>
    /// <param name="maxTokens">The most tokens of a sequence.</param>
    /// <param name="virtualTokens">What stands before each sequence.</param>
    public Batch(int maxSequences, int maxTokens, VirtualTokens virtualTokens = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        (MaxSequences, MaxTime, VirtualTokens) = (maxSequences, maxTokens + virtualTokens.Prompt, virtualTokens);
        nuint row = Aligned((nuint)maxSequences * (nuint)MaxTime), sequence = Aligned((nuint)maxSequences);
        nuint segment = Aligned((nuint)maxSequences * (nuint)MaxTime + 1);
        Bytes = (long)(4 * row + 3 * sequence + 3 * segment) * sizeof(int);
        _memory = (int*)NativeMemory.AlignedAlloc((nuint)Bytes, Alignment);
        Tokens = _memory;
        Targets = Tokens + row;
        Positions = Targets + row;
        TokenTypes = Positions + row;
        Start = TokenTypes + row;
        End = Start + sequence;
        Classes = End + sequence;
        SegmentRows = Classes + sequence;
        SegmentStart = SegmentRows + segment;
        SegmentEnd = SegmentStart + segment;
    }

    /// <summary>The most sequences.</summary>
    public int MaxSequences { get; }

    /// <summary>The most rows of a sequence: tokens, and virtual ones before them.</summary>
    public int MaxTime { get; }

    /// <summary>What stands before each sequence.</summary>
    public VirtualTokens VirtualTokens { get; }

    /// <summary>Rows in front of each sequence at hand that hold no token, from <see cref="Start"/> on; none where a text goes on.</summary>
    public int PromptRows { get; private set; }

    /// <summary>The sequences at hand.</summary>
    public int Sequences { get; private set; }

    /// <summary>The rows of a sequence, padding included.</summary>
    public int Time { get; private set; }

    /// <summary>Sequences x time: the rows of every activation.</summary>
    public int Rows => Sequences * Time;

    /// <summary>Ids [Sequences, Time]; 0 in padding and in virtual rows.</summary>
    public int* Tokens { get; }

    /// <summary>
    /// What each row is to predict [Sequences, Time]: the label of the next token, or <see cref="Ignored"/>, which also
    /// stands in the last column and wherever a row or the next one is padding.
    /// </summary>
    public int* Targets { get; }

    /// <summary>
    /// Each row's place in its segment [Sequences, Time], from 0 at the first real one, or after the virtual tokens of a prefix; 0 in
    /// padding.
    /// </summary>
    public int* Positions { get; }

    /// <summary>The segment of each token of a pair of texts [Sequences, Time] (<c>token_type_ids</c>); 0 in padding.</summary>
    public int* TokenTypes { get; }

    /// <summary>The label of each sequence as a whole [Sequences], or <see cref="Ignored"/>.</summary>
    public int* Classes { get; }

    /// <summary>The first real row of each sequence [Sequences], virtual ones included.</summary>
    public int* Start { get; }

    /// <summary>One past the last real row of each sequence [Sequences].</summary>
    public int* End { get; }

    /// <summary>Targets that aren't ignored.</summary>
    public int TrainedTokens { get; private set; }

    /// <summary>Labels of sequences that aren't ignored.</summary>
    public int TrainedSequences { get; private set; }

    /// <summary>Tokens that are neither padding nor virtual.</summary>
    public int RealTokens { get; private set; }

    /// <summary>Rows before these that a key/value cache holds; 0 in training.</summary>
    public int Past { get; private set; }

    /// <summary>All numbers of the batch, one array after the other.</summary>
    internal int* Memory => _memory;

    /// <summary>Bytes of <see cref="Memory"/>.</summary>
    internal long Bytes { get; }

    /// <summary>How often the batch was filled, so that a copy knows when it is old.</summary>
    internal long Fillings { get; private set; }

    /// <summary>Takes examples, padded on the right to the longest of them.</summary>
    /// <param name="examples">All examples.</param>
    /// <param name="indices">Those to take.</param>
    /// <exception cref="ArgumentOutOfRangeException">They don't fit the capacity.</exception>
    public void Fill(IReadOnlyList<Example> examples, ReadOnlySpan<int> indices)
    {
        int longest = 0;
        foreach (int index in indices)
            longest = Math.Max(longest, examples[index].Tokens.Length);
        Begin(indices.Length, longest, past: 0);
        for (int s = 0; s < indices.Length; s++)
            Put(examples[indices[s]], s, 0);
    }

    /// <summary>How many targets an example has in a batch of this kind: the last of a prompt's rows predicts the first token.</summary>
    public int TrainedTokensOf(Example example) =>
        example.TrainedTokens + (VirtualTokens.Prompt > 0 && example.Labels is [not Ignored, ..] ? 1 : 0);

    /// <summary>Takes the next tokens of one text, none of which is trained.</summary>
    /// <param name="tokens">The ids.</param>
    /// <param name="past">The rows before them that a key/value cache holds; positions go on from there. With 0 the text begins, after a prompt's rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">They don't fit the capacity.</exception>
    public void Fill(ReadOnlySpan<int> tokens, int past)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(past);
        Begin(1, tokens.Length, past);
        Place(0, 0, 0, tokens.Length);
        tokens.CopyTo(new Span<int>(Tokens + PromptRows, tokens.Length));
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }

    private static nuint Aligned(nuint count) => (count + 15) / 16 * 16;

    // Everything is padding until Place and Teach say otherwise.
    private void Begin(int sequences, int tokens, int past)
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        PromptRows = past == 0 ? VirtualTokens.Prompt : 0;
        int time = tokens + PromptRows;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequences, MaxSequences);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, MaxTime);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        Fillings++;
        (Sequences, Time, Past, RealTokens, TrainedTokens, TrainedSequences) = (sequences, time, past, 0, 0, 0);
        (Segments, LongestSegment) = (0, 0);
        new Span<int>(TokenTypes, Rows).Clear();
        new Span<int>(Classes, Sequences).Fill(Ignored);
        new Span<int>(Tokens, Rows).Clear();
        new Span<int>(Positions, Rows).Clear();
        new Span<int>(Targets, Rows).Fill(Ignored);
    }

    private void TeachClass(int sequence, int label)
    {
        Classes[sequence] = label;
        TrainedSequences += label == Ignored ? 0 : 1;
    }

    private void Teach(int row, int label)
    {
        Targets[row] = label;
        TrainedTokens += label == Ignored ? 0 : 1;
    }
}
