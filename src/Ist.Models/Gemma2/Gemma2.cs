using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Gemma 2 (Gemma Team, arXiv 2408.00118) as Hugging Face's Gemma2ForCausalLM computes it with eager attention:
/// logits = cap tanh(Head(Norm(Blocks(sqrt(hidden) Tokens(ids)))) / cap).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class Gemma2<P> where P : IPeft<P>
{
    [Weight("model.embed_tokens"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    public partial EmbeddingScale<Model> Scaled { get; }
    [Weight("model.layers"), Ist, Checkpointed] public partial LayerStack<Gemma2Block<P>> Blocks { get; }
    [Weight("model.norm")] public partial UnitOffsetRmsNorm<Model> Norm { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial Linear<Model, Vocab> Head { get; }
    public partial SoftCap<Vocab> Capped { get; }
}
