using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// <see cref="Opt{P}"/> as early checkpoints of it were converted, with <c>_remove_final_layer_norm</c>: logits = Head(Blocks(Tokens(ids) + Positions)).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class OptWithoutFinalNorm<P> where P : IPeft<P>
{
    [Weight("model.decoder.embed_tokens"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("model.decoder.embed_positions")] public partial PositionEmbedding<Model> Positions { get; }
    [Weight("model.decoder.layers"), Ist, Checkpointed] public partial LayerStack<OptBlock<P>> Blocks { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial Linear<Model, Vocab> Head { get; }
}
