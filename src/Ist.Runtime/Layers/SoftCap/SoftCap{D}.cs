using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = cap tanh(x / cap), which keeps logits within ±cap (Bello et al., arXiv 1611.09940; Gemma 2, arXiv 2408.00118); y = x where the
/// model has no cap.
/// </summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class SoftCap<D> where D : IWidth
{
    /// <summary>Takes the model's cap.</summary>
    public SoftCap(Scope scope) => Cap = scope.Options<SoftCapOptions>().Cap;

    /// <summary>The bound, or null for none.</summary>
    public float? Cap { get; }
}
