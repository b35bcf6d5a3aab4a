using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// A parameter p that the adapter scale f acts on: what the layer computes at f is what it computes at 1 with p0 + f (p - p0) in the place
/// of p, where p0 makes the adapter nothing. By the chain rule dL/df = sum of (p - p0) dL/dp at f = 1.
/// <para>
/// Of LoRA's B that is the sum over tokens of s (B^T dy) (A x), but takes no pass over the tokens.
/// </para>
/// </summary>
/// <param name="parameter">p.</param>
public sealed unsafe class ScaledParameter(Parameter parameter) : IScaleGradient
{
    /// <inheritdoc/>
    public int Layer { get; init; } = parameter.Layer;

    /// <summary>p0.</summary>
    public float Origin { get; init; }

    /// <summary>The first element of the parameter that is the layer's.</summary>
    public long First { get; init; }

    /// <summary>Elements that are the layer's.</summary>
    public long Count { get; init; } = parameter.Count;

    /// <inheritdoc/>
    public double Of(Run run) => InnerProduct.Of(run, parameter.Value + First, Origin, parameter.Gradient + First, Count);
}
