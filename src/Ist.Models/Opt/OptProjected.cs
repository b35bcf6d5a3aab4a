using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// <see cref="OptPostNorm{P}"/> with a <c>word_embed_proj_dim</c> of its own, which is OPT-350m:
/// logits = Head(ProjectOut(Blocks(ProjectIn(Tokens(ids)) + Positions))).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class OptProjected<P> where P : IPeft<P>
{
    [Weight("model.decoder.embed_tokens"), Slot] public partial Embedding<Vocab, WordEmbedding> Tokens { get; }
    [Weight("model.decoder.project_in"), Slot] public partial Linear<WordEmbedding, Model> ProjectIn { get; }
    [Weight("model.decoder.embed_positions")] public partial PositionEmbedding<Model> Positions { get; }
    [Weight("model.decoder.layers"), Ist, Checkpointed] public partial LayerStack<OptPostNormBlock<P>> Blocks { get; }
    [Weight("model.decoder.project_out"), Slot] public partial Linear<Model, WordEmbedding> ProjectOut { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial Linear<WordEmbedding, Vocab> Head { get; }
}
