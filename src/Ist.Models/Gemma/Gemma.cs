using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Gemma (Gemma Team, arXiv 2403.08295) as Hugging Face's GemmaForCausalLM computes it:
/// logits = Head(Norm(Blocks(sqrt(hidden) Tokens(ids)))).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class Gemma<P> where P : IPeft<P>
{
    [Weight("model.embed_tokens"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    public partial EmbeddingScale<Model> Scaled { get; }
    [Weight("model.layers"), Ist, Checkpointed] public partial LayerStack<GemmaBlock<P>> Blocks { get; }
    [Weight("model.norm")] public partial UnitOffsetRmsNorm<Model> Norm { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial Linear<Model, Vocab> Head { get; }
}
