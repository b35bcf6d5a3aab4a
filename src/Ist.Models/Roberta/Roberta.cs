using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// RoBERTa (Liu et al., arXiv 1907.11692) as Hugging Face's RobertaForSequenceClassification computes it: BERT's blocks under a
/// head of its own, logits = Output(tanh(Dense(h))), where h is what the blocks make of each sequence's first token.
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[SequenceClassifier]
public sealed partial class Roberta<P> where P : IPeft<P>
{
    [Weight("roberta.embeddings.word_embeddings"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("roberta.embeddings.position_embeddings")] public partial PositionEmbedding<Model> Positions { get; }
    [Weight("roberta.embeddings.token_type_embeddings")] public partial TokenTypeEmbedding<Model> Types { get; }
    [Weight("roberta.embeddings.LayerNorm")] public partial LayerNorm<Model> Norm { get; }
    [Weight("roberta.encoder.layer"), Ist, Checkpointed] public partial LayerStack<BertBlock<P>> Blocks { get; }
    public partial FirstToken<Model> First { get; }
    [Weight("classifier.dense"), Slot] public partial BiasedLinear<Model, Model> Dense { get; }
    public partial Tanh<Model> Pooled { get; }
    [Weight("classifier.out_proj"), Slot] public partial BiasedLinear<Model, Labels> Output { get; }
}
