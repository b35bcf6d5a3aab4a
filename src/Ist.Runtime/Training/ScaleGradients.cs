using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;

namespace Ist.Runtime.Training;

/// <summary>The gradient of the loss by the adapter scale of each layer, the sum over what the scale acts on.</summary>
internal sealed class ScaleGradients
{
    private readonly IScaleGradient[][] _shares;

    /// <summary>Those of a model.</summary>
    /// <exception cref="InputException">Its method has nothing in the layers that a scale acts on.</exception>
    public ScaleGradients(ModelContents contents, int layers)
    {
        _shares = [.. Enumerable.Range(0, layers).Select(layer => contents.ScaleGradients.Where(share => share.Layer == layer).ToArray())];
        if (_shares.All(shares => shares.Length == 0))
            throw new InputException("First-order probes read the gradient by the scale of a layer's adapters, but the method has no such adapters in this model; probe by forward passes.");
    }

    /// <summary>Measures a step's, before its gradients are clipped.</summary>
    /// <param name="run">The run.</param>
    /// <param name="plan">The step's layers.</param>
    /// <param name="gradients">Receives dL/df for each layer, 0 for those that the plan does not train.</param>
    public void Measure(Run run, LayerPlan plan, Span<double> gradients)
    {
        gradients.Clear();
        for (int l = 0; l < gradients.Length; l++)
        {
            foreach (IScaleGradient share in plan.Trains(l) ? _shares[l] : [])
                gradients[l] += share.Of(run);
        }
    }
}
