using Ist.Runtime.Devices;

namespace Ist.Runtime.Sparse;

/// <summary>Which layers of the stack one optimizer step trains, and so how far its backward pass goes.</summary>
public sealed class LayerPlan
{
    private readonly bool[] _trains;
    private readonly int[] _sets;

    /// <summary>A plan that trains every layer.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="trainsInput">Whether something below the stack is trained (the embedding, with full fine-tuning).</param>
    public LayerPlan(int layers, bool trainsInput)
    {
        _trains = new bool[layers];
        _sets = new int[layers];
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

    /// <summary>How many layers a backward pass goes through, from the top.</summary>
    public int Depth => Count - Lowest;

    /// <summary>How many layers are trained.</summary>
    public int Active { get; private set; }

    /// <summary>Whether this layer's adapters are trained.</summary>
    public bool Trains(int layer) => _trains[layer];

    /// <summary>
    /// The number of trained layers below this one: which of the sets of buffers for trained layers a trained layer has.
    /// </summary>
    public int Set(int layer) => _sets[layer];

    /// <summary>A plan that trains nothing: for a forward pass that no backward pass follows.</summary>
    public static LayerPlan Nothing(int layers)
    {
        var plan = new LayerPlan(layers, trainsInput: false);
        plan.TrainOnly([]);
        return plan;
    }

    /// <summary>Refuses a plan that buffers were not made for.</summary>
    /// <exception cref="InvalidOperationException">It trains more layers, or goes further down.</exception>
    public void RequireWithin(KeptLayers kept)
    {
        if (Active > kept.Trained || Lowest < Math.Min(kept.Lowest, Count))
        {
            throw new InvalidOperationException(
                $"The plan trains {Active} layers down to {Lowest}, but the buffers were laid out for {kept.Trained} layers down to {kept.Lowest}.");
        }
    }

    /// <summary>Trains every layer.</summary>
    public void TrainAll() => TrainFrom(0);

    /// <summary>Trains this layer and every one above it.</summary>
    public void TrainFrom(int lowest)
    {
        Array.Clear(_trains);
        Array.Fill(_trains, true, lowest, _trains.Length - lowest);
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
        Active = 0;
        for (int l = 0; l < _trains.Length; l++)
        {
            _sets[l] = Active;
            Active += _trains[l] ? 1 : 0;
        }
    }
}
