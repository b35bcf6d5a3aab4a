using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>RoBERTa as a classifier of sequences, <c>model_type</c> "roberta".</summary>
public sealed class RobertaFamily : IModelFamily
{
    /// <inheritdoc/>
    public string ModelType => "roberta";

    /// <inheritdoc/>
    public string BaseModelPrefix => "roberta.";

    /// <inheritdoc/>
    public string TaskType => "SEQ_CLS";

    /// <inheritdoc/>
    public IReadOnlyList<string> HeadModules { get; } = ["classifier", "score"];

    /// <inheritdoc/>
    public IReadOnlyList<string> DefaultTargets { get; } = ["query", "value"];

    /// <inheritdoc/>
    /// <remarks>Positions begin behind the number of the padding token, as fairseq counted them.</remarks>
    public ModelConfig Read(JsonConfig config) => EncoderConfig.Read(config, firstPosition: checked(config.GetInt("pad_token_id", 1) + 1));

    /// <inheritdoc/>
    public bool MayBeginAnew(string tensor) => tensor.StartsWith("classifier.", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IModel Create<P>(Scope scope) where P : IPeft<P> => new Roberta<P>(scope);

    /// <inheritdoc/>
    /// <remarks>
    /// Pretrained checkpoints carry the head of their own task and, for other uses, a pooler that the classifier does not read; early ones
    /// carry the numbers of positions.
    /// </remarks>
    public bool IsBuffer(string tensor) =>
        tensor.StartsWith("lm_head.", StringComparison.Ordinal)
        || tensor.Contains("pooler.dense.", StringComparison.Ordinal)
        || tensor.EndsWith("embeddings.position_ids", StringComparison.Ordinal);
}
