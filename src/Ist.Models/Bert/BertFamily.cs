using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>BERT as a classifier of sequences, <c>model_type</c> "bert".</summary>
public sealed class BertFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "bert";

    /// <inheritdoc/>
    public string BaseModelPrefix => "bert.";

    /// <inheritdoc/>
    public string TaskType => "SEQ_CLS";

    /// <inheritdoc/>
    public IReadOnlyList<string> HeadModules { get; } = ["classifier", "score"];

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["query", "value"];

    /// <inheritdoc/>
    public ModelConfig Read(JsonConfig config) => EncoderConfig.Read(config, firstPosition: 0);

    /// <inheritdoc/>
    public bool MayBeginAnew(string tensor) => tensor.StartsWith("classifier.", StringComparison.Ordinal) || tensor.StartsWith("bert.pooler.", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => new Bert<P>(scope);

    /// <inheritdoc/>
    /// <remarks>Pretrained checkpoints carry the heads of their own tasks, and early ones the numbers of positions.</remarks>
    public bool IsBuffer(string tensor) =>
        tensor.StartsWith("cls.", StringComparison.Ordinal) || tensor.EndsWith("embeddings.position_ids", StringComparison.Ordinal);
}
