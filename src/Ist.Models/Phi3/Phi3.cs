using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Phi-3 (Abdin et al., arXiv 2404.14219) as Hugging Face's Phi3ForCausalLM computes it: logits = Head(Norm(Blocks(Tokens(ids)))).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class Phi3<P> where P : IPeft<P>
{
    [Weight("model.embed_tokens"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("model.layers"), Ist, Checkpointed] public partial LayerStack<Phi3Block<P>> Blocks { get; }
    [Weight("model.norm")] public partial RmsNorm<Model> Norm { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial Linear<Model, Vocab> Head { get; }
}
