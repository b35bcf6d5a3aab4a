using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Mistral (Jiang et al., arXiv 2310.06825) as Hugging Face's MistralForCausalLM computes it: logits = Head(Norm(Blocks(Tokens(ids)))).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class Mistral<P> where P : IPeft<P>
{
    [Weight("model.embed_tokens"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("model.layers"), Ist, Checkpointed] public partial LayerStack<MistralBlock<P>> Blocks { get; }
    [Weight("model.norm")] public partial RmsNorm<Model> Norm { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial Linear<Model, Vocab> Head { get; }
}
