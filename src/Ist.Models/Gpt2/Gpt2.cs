using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// GPT-2 (Radford et al., "Language models are unsupervised multitask learners", 2019) as Hugging Face's GPT2LMHeadModel computes it:
/// logits = Head(Norm(Blocks(Tokens(ids) + Positions))).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class Gpt2<P> where P : IPeft<P>
{
    [Weight("transformer.wte"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("transformer.wpe")] public partial PositionEmbedding<Model> Positions { get; }
    [Weight("transformer.h"), Ist, Checkpointed] public partial LayerStack<Gpt2Block<P>> Blocks { get; }
    [Weight("transformer.ln_f")] public partial LayerNorm<Model> Norm { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial Linear<Model, Vocab> Head { get; }
}
