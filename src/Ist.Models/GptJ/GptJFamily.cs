using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>GPT-J, <c>model_type</c> "gptj".</summary>
public sealed class GptJFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "gptj";

    /// <inheritdoc/>
    public string BaseModelPrefix => "transformer.";

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["q_proj", "v_proj"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => GptJConfig.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => new GptJ<P>(scope);

    /// <inheritdoc/>
    /// <remarks>Checkpoints of early versions carry the causal mask and the rotary embedding's sines.</remarks>
    public bool IsBuffer(string tensor) =>
        tensor.EndsWith(".attn.bias", StringComparison.Ordinal) || tensor.EndsWith(".attn.masked_bias", StringComparison.Ordinal)
        || tensor.EndsWith(".attn.embed_positions", StringComparison.Ordinal);
}
