using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>Mixtral's mixtures of experts, <c>model_type</c> "mixtral".</summary>
public sealed class MixtralFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "mixtral";

    /// <inheritdoc/>
    public string BaseModelPrefix => "model.";

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["q_proj", "v_proj"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => MixtralConfig.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => new Mixtral<P>(scope);

    /// <inheritdoc/>
    public bool IsBuffer(string tensor) => false;
}
