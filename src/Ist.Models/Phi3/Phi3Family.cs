using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>Phi-3, and Phi-4 where it has the same architecture, <c>model_type</c> "phi3".</summary>
public sealed class Phi3Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "phi3";

    /// <inheritdoc/>
    public string BaseModelPrefix => "model.";

    /// <inheritdoc/>
    /// <remarks>peft has no default for it; the fused projection holds what is adapted by default elsewhere.</remarks>
    public IReadOnlyList<string> DefaultTargets { get; } = ["qkv_proj"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => Phi3Config.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => new Phi3<P>(scope);

    /// <inheritdoc/>
    public bool IsBuffer(string tensor) => false;
}
