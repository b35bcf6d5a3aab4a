using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>GPT-2 and what shares its architecture, <c>model_type</c> "gpt2".</summary>
public sealed class Gpt2Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "gpt2";

    /// <inheritdoc/>
    public string BaseModelPrefix => "transformer.";

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["c_attn"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => Gpt2Config.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => new Gpt2<P>(scope);

    /// <inheritdoc/>
    /// <remarks>Checkpoints of early versions carry the causal mask.</remarks>
    public bool IsBuffer(string tensor) => tensor.EndsWith(".attn.bias", StringComparison.Ordinal) || tensor.EndsWith(".attn.masked_bias", StringComparison.Ordinal);
}
