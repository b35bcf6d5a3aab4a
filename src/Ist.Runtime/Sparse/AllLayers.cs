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
    public void Select(int step, LayerPlan plan) => plan.TrainAll();
}
