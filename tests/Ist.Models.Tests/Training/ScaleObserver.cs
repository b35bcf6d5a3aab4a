using Ist.Runtime.Sparse;

namespace Ist.Models.Tests.Training;

/// <summary>Trains every layer and keeps what a first-order probe learns of the steps.</summary>
internal sealed class ScaleObserver(int layers) : ISelectionPolicy
{
    public FirstOrderProbe Means { get; } = new(layers);

    public string Name => "the test's";

    public int ActiveLayers => layers;

    public bool ObservesScales => true;

    public void Select(int step, LayerPlan plan) => plan.TrainAll();

    public void ObserveScales(LayerPlan plan, double loss, ReadOnlySpan<double> gradients) => Means.Observe(plan, loss, gradients);
}
