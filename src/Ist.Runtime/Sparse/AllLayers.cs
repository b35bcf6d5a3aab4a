using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Sparse;

/// <summary>Trains every layer in every step.</summary>
/// <param name="layers">Layers of the stack.</param>
public sealed class AllLayers(int layers) : ISelectionPolicy
{
    /// <inheritdoc/>
    public string Name => "all";

    /// <inheritdoc/>
    public int ActiveLayers => layers;

    /// <inheritdoc/>
    public int ProbeRows => 0;

    /// <inheritdoc/>
    public bool NeedsProbe(int step) => false;

    /// <inheritdoc/>
    public void Probe(int step, IProbe probe)
    {
    }

    /// <inheritdoc/>
    public void Select(int step, LayerPlan plan) => plan.TrainAll();

    /// <inheritdoc/>
    public void Save(IDictionary<string, object?> state)
    {
    }

    /// <inheritdoc/>
    public void Restore(JsonConfig state)
    {
    }
}
