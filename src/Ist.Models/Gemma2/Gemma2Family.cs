using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>Gemma 2, <c>model_type</c> "gemma2".</summary>
public sealed class Gemma2Family : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "gemma2";

    /// <inheritdoc/>
    public string BaseModelPrefix => "model.";

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["q_proj", "v_proj"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => Gemma2Config.Read(config);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => new Gemma2<P>(scope);

    /// <inheritdoc/>
    public bool IsBuffer(string tensor) => false;
}
