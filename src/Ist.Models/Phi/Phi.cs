using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// Phi-1, Phi-1.5 and Phi-2 (Gunasekar et al., arXiv 2306.11644) as Hugging Face's PhiForCausalLM computes them: logits =
/// Head(Norm(Blocks(Tokens(ids)))).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class Phi<P> where P : IPeft<P>
{
    [Weight("model.embed_tokens"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("model.layers"), Ist, Checkpointed] public partial LayerStack<PhiBlock<P>> Blocks { get; }
    [Weight("model.final_layernorm")] public partial LayerNorm<Model> Norm { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial BiasedLinear<Model, Vocab> Head { get; }
}
