namespace Ist.Runtime.Data;

/// <summary>
/// An endless order of examples: in each epoch every one comes once, shuffled anew. Epoch e's order depends on (seed, e)
/// alone, so the place in it is one number, <see cref="ExamplesSeen"/>, and a resumed run goes on with the examples that it
/// would have read. Nothing is allocated after construction.
/// </summary>
public sealed class BatchOrder
{
    private readonly int[] _order;
    private readonly ulong _seed;
    private long _epoch = -1;

    /// <summary>Begins with the first example of epoch 0.</summary>
    /// <param name="count">The number of examples, at least 1.</param>
    /// <param name="seed">The random stream.</param>
    public BatchOrder(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _order = new int[count];
        _seed = seed;
    }

    /// <summary>The examples given so far, over all epochs.</summary>
    public long ExamplesSeen { get; private set; }

    /// <summary>Goes to the place after this many examples.</summary>
    public void Seek(long examplesSeen)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(examplesSeen);
        ExamplesSeen = examplesSeen;
    }

    /// <summary>The next examples. A batch may reach from one epoch into the next.</summary>
    /// <param name="indices">Receives places in the data set.</param>
    public void Next(Span<int> indices)
    {
        foreach (ref int index in indices)
        {
            (long epoch, long place) = Math.DivRem(ExamplesSeen, _order.Length);
            if (epoch != _epoch)
                Begin(epoch);
            index = _order[place];
            ExamplesSeen++;
        }
    }

    private void Begin(long epoch)
    {
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        Shuffle.Of(_order, _seed, (ulong)epoch);
        _epoch = epoch;
    }
}
