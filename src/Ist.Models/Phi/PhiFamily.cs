using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>Phi-1, Phi-1.5 and Phi-2, <c>model_type</c> "phi".</summary>
public sealed class PhiFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "phi";

    /// <inheritdoc/>
    public string BaseModelPrefix => "model.";

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["q_proj", "v_proj", "fc1", "fc2"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => PhiConfig.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => new Phi<P>(scope);

    /// <inheritdoc/>
    /// <remarks>Checkpoints of early versions carry the rotary embedding's frequencies.</remarks>
    public bool IsBuffer(string tensor) => tensor.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
