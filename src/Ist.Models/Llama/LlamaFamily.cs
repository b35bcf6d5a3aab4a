using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>LLaMA and what shares its architecture, <c>model_type</c> "llama".</summary>
public sealed class LlamaFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "llama";

    /// <inheritdoc/>
    public string BaseModelPrefix => "model.";

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["q_proj", "v_proj"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => LlamaConfig.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => new Llama<P>(scope);

    /// <inheritdoc/>
    /// <remarks>Checkpoints of early versions carry the rotary embedding's frequencies.</remarks>
    public bool IsBuffer(string tensor) => tensor.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
