using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>GPT-NeoX and Pythia, <c>model_type</c> "gpt_neox".</summary>
public sealed class GptNeoXFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "gpt_neox";

    /// <inheritdoc/>
    public string BaseModelPrefix => "gpt_neox.";

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["query_key_value"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => GptNeoXConfig.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> =>
        scope.Options<GptNeoXVariant>().Parallel ? new GptNeoX<P>(scope) : new GptNeoXSequential<P>(scope);

    /// <inheritdoc/>
    /// <remarks>Checkpoints of early versions carry the causal mask and the rotary embedding's frequencies.</remarks>
    public bool IsBuffer(string tensor) =>
        tensor.EndsWith(".attention.bias", StringComparison.Ordinal) || tensor.EndsWith(".attention.masked_bias", StringComparison.Ordinal)
        || tensor.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
