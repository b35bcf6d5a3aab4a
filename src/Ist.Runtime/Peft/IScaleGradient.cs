using Ist.Runtime.Devices;

namespace Ist.Runtime.Peft;

/// <summary>
/// A share of dL/df, the gradient of the loss by the factor f that a layer's adapters' output is multiplied by
/// (<see cref="Run.AdapterScale"/>), at f = 1. It follows from the gradients of parameters, so no pass computes it.
/// </summary>
public interface IScaleGradient
{
    /// <summary>The layer of f.</summary>
    int Layer { get; }

    /// <summary>The share, in nats, of a loss whose backward pass trained the layer and whose gradients are as it left them. Allocates nothing.</summary>
    double Of(Run run);
}
