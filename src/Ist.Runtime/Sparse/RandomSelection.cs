using Ist.Runtime.Checkpoints;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Sparse;

/// <summary>
/// Random Sparse Tuning, the baseline of arXiv 2410.11772: each step trains layers drawn uniformly without replacement.
/// </summary>
public sealed class RandomSelection : ISelectionPolicy
{
    private readonly ulong _seed;
    private readonly double[] _weights;
    private readonly int[] _drawn;

    /// <summary>Draws from a stack.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="activeLayers">Layers that a step trains; null takes a quarter of them, rounded down, at least one.</param>
    /// <exception cref="InputException">The stack has not so many layers.</exception>
    public RandomSelection(int layers, ulong seed, int? activeLayers = null)
    {
        _seed = seed;
        _weights = new double[layers];
        Array.Fill(_weights, 1);
        _drawn = new int[new IstOptions { ActiveLayers = activeLayers }.ActiveOf(layers)];
    }

    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public int ActiveLayers => _drawn.Length;

    /// <inheritdoc/>
    public int ProbeRows => 0;

    /// <inheritdoc/>
    public bool NeedsProbe(int step) => false;

    /// <inheritdoc/>
    public void Probe(int step, IProbe probe)
    {
    }

    /// <inheritdoc/>
    public void Select(int step, LayerPlan plan)
    {
        var draw = new LayerDraw(_seed, step, RandomUse.TrainedLayers);
        draw.WithoutReplacement(_weights, _drawn);
        plan.TrainOnly(_drawn);
    }

    /// <inheritdoc/>
    public void Save(IDictionary<string, object?> state)
    {
    }

    /// <inheritdoc/>
    public void Restore(JsonConfig state)
    {
    }
}
