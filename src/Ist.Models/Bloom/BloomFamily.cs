using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>BLOOM and BLOOMZ, <c>model_type</c> "bloom".</summary>
public sealed class BloomFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "bloom";

    /// <inheritdoc/>
    public string BaseModelPrefix => "transformer.";

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["query_key_value"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => BloomConfig.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> =>
        scope.Options<BloomVariant>().ResidualAfterNorm ? new BloomNormedResidual<P>(scope) : new Bloom<P>(scope);

    /// <inheritdoc/>
    public bool IsBuffer(string tensor) => false;
}
