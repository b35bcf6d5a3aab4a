using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>OPT, <c>model_type</c> "opt".</summary>
public sealed class OptFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "opt";

    /// <inheritdoc/>
    public string BaseModelPrefix => "model.";

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["q_proj", "v_proj"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => OptConfig.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => scope.Options<OptVariant>() switch
    {
        { Projects: true } => new OptProjected<P>(scope),
        { NormsFirst: false } => new OptPostNorm<P>(scope),
        { FinalNorm: false } => new OptWithoutFinalNorm<P>(scope),
        _ => new Opt<P>(scope),
    };

    /// <inheritdoc/>
    public bool IsBuffer(string tensor) => false;
}
