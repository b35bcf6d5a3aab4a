using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// OPT (Zhang et al., arXiv 2205.01068) as Hugging Face's OPTForCausalLM computes it: logits = Head(Norm(Blocks(Tokens(ids) + Positions))).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class Opt<P> where P : IPeft<P>
{
    [Weight("model.decoder.embed_tokens"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("model.decoder.embed_positions")] public partial PositionEmbedding<Model> Positions { get; }
    [Weight("model.decoder.layers"), Ist, Checkpointed] public partial LayerStack<OptBlock<P>> Blocks { get; }
    [Weight("model.decoder.final_layer_norm")] public partial LayerNorm<Model> Norm { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial Linear<Model, Vocab> Head { get; }
}
