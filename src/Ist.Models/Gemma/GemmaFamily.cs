using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>Gemma, <c>model_type</c> "gemma".</summary>
public sealed class GemmaFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "gemma";

    /// <inheritdoc/>
    public string BaseModelPrefix => "model.";

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["q_proj", "v_proj"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => GemmaConfig.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => new Gemma<P>(scope);

    /// <inheritdoc/>
    /// <remarks>Checkpoints of early versions carry the rotary embedding's frequencies.</remarks>
    public bool IsBuffer(string tensor) => tensor.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
