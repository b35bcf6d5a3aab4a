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
    private readonly int? _truncate;

    /// <summary>Draws from a stack.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="activeLayers">Layers that a step trains; null takes a quarter of them, rounded down, at least one.</param>
    /// <param name="truncate">Draws among so many layers at the top of the stack alone, as <see cref="IstOptions.Truncate"/>; null for all.</param>
    /// <exception cref="InputException">The stack has not so many layers.</exception>
    public RandomSelection(int layers, ulong seed, int? activeLayers = null, int? truncate = null)
    {
        DrawnLayers counts = DrawnLayers.Of(layers, activeLayers, DrawnLayers.Quarter(layers), truncate);
        _seed = seed;
        _truncate = truncate;
        _weights = new double[layers];
        Array.Fill(_weights, 1, counts.Lowest, counts.Available);
        _drawn = new int[counts.Active];
        LowestLayer = counts.Lowest;
    }

    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public int ActiveLayers => _drawn.Length;

    /// <inheritdoc/>
    public int LowestLayer { get; }

    /// <inheritdoc/>
    public void Select(int step, LayerPlan plan)
    {
        var draw = new LayerDraw(_seed, step, RandomUse.TrainedLayers);
        draw.WithoutReplacement(_weights, _drawn);
        plan.TrainOnly(_drawn);
    }

    /// <inheritdoc/>
    public void Save(IDictionary<string, object?> state) => state["truncate"] = _truncate;

    /// <inheritdoc/>
    public void Restore(JsonConfig state) => state.RequireSame("truncate", _truncate);
}
