namespace Ist.Runtime.Sparse;

/// <summary>Which layers of the stack one optimizer step trains, and so how far its backward pass goes.</summary>
public sealed class LayerPlan
{
    private readonly bool[] _trains;

    /// <summary>A plan that trains every layer.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="trainsInput">Whether something below the stack is trained (the embedding, with full fine-tuning).</param>
    public LayerPlan(int layers, bool trainsInput)
    {
        _trains = new bool[layers];
        TrainsInput = trainsInput;
        TrainAll();
    }

    /// <summary>Layers of the stack.</summary>
    public int Count => _trains.Length;

    /// <summary>Whether something below the stack is trained; the backward pass then goes all the way down.</summary>
    public bool TrainsInput { get; }

    /// <summary>
    /// The lowest layer whose backward pass runs: the lowest trained one, 0 when the input is trained, and
    /// <see cref="Count"/> when nothing in or below the stack is.
    /// </summary>
    public int Lowest { get; private set; }

    /// <summary>How many layers are trained.</summary>
    public int Active { get; private set; }

    /// <summary>Whether this layer's adapters are trained.</summary>
    public bool Trains(int layer) => _trains[layer];

    /// <summary>Trains every layer.</summary>
    public void TrainAll()
    {
        Array.Fill(_trains, true);
        Settle();
    }

    /// <summary>Trains these layers alone.</summary>
    public void TrainOnly(ReadOnlySpan<int> layers)
    {
        Array.Clear(_trains);
        foreach (int layer in layers)
            _trains[layer] = true;
        Settle();
    }

    private void Settle()
    {
        int first = Array.IndexOf(_trains, true);
        Lowest = TrainsInput ? 0 : first < 0 ? Count : first;
        Active = _trains.AsSpan().Count(true);
    }
}
