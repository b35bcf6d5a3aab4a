using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// BERT (Devlin et al., arXiv 1810.04805) as Hugging Face's BertForSequenceClassification computes it: logits =
/// Classifier(tanh(Pooler(h))), where h is what the blocks make of each sequence's first token.
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[SequenceClassifier]
public sealed partial class Bert<P> where P : IPeft<P>
{
    [Weight("bert.embeddings.word_embeddings"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("bert.embeddings.position_embeddings")] public partial PositionEmbedding<Model> Positions { get; }
    [Weight("bert.embeddings.token_type_embeddings")] public partial TokenTypeEmbedding<Model> Types { get; }
    [Weight("bert.embeddings.LayerNorm")] public partial LayerNorm<Model> Norm { get; }
    [Weight("bert.encoder.layer"), Ist, Checkpointed] public partial LayerStack<BertBlock<P>> Blocks { get; }
    public partial FirstToken<Model> First { get; }
    [Weight("bert.pooler.dense"), Slot] public partial BiasedLinear<Model, Model> Pooler { get; }
    public partial Tanh<Model> Pooled { get; }
    [Weight("classifier"), Slot] public partial BiasedLinear<Model, Labels> Classifier { get; }
}
