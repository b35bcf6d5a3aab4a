using Ist.Runtime.Checkpoints;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Sparse;

/// <summary>
/// Layerwise Importance Sampled AdamW (LISA, arXiv 2403.17919, as LMFlow draws it): every K steps gamma layers are drawn uniformly
/// without replacement, and trained until the next draw. What the method trains outside the stack is trained in every step.
/// </summary>
public sealed class LisaSelection : ISelectionPolicy
{
    private readonly ulong _seed;
    private readonly double[] _weights;
    private readonly int[] _drawn;

    /// <summary>Draws from a stack.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="activeLayers">Layers that a step trains (gamma); null takes two, or the stack's only one.</param>
    /// <param name="interval">Steps from one draw to the next (K).</param>
    /// <exception cref="InputException">The stack has not so many layers, or the interval is none.</exception>
    public LisaSelection(int layers, ulong seed, int? activeLayers = null, int interval = 20)
    {
        if (interval < 1)
            throw new InputException($"lisa's interval is {interval}; give 1 or more.");
        _seed = seed;
        _weights = new double[layers];
        Array.Fill(_weights, 1);
        _drawn = new int[DrawnLayers.Of(layers, activeLayers, standard: 2).Active];
        HoldSteps = interval;
    }

    /// <inheritdoc/>
    public string Name => "lisa";

    /// <inheritdoc/>
    public int ActiveLayers => _drawn.Length;

    /// <inheritdoc/>
    public int HoldSteps { get; }

    /// <inheritdoc/>
    public void Select(int step, LayerPlan plan)
    {
        var draw = new LayerDraw(_seed, step / HoldSteps, RandomUse.TrainedLayers);
        draw.WithoutReplacement(_weights, _drawn);
        plan.TrainOnly(_drawn);
    }

    /// <inheritdoc/>
    public void Save(IDictionary<string, object?> state) => state["interval"] = HoldSteps;

    /// <inheritdoc/>
    public void Restore(JsonConfig state) => state.RequireSame("interval", HoldSteps);
}
