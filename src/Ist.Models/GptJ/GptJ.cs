using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// GPT-J (Wang and Komatsuzaki, 2021) as Hugging Face's GPTJForCausalLM computes it: logits = Head(Norm(Blocks(Tokens(ids)))).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class GptJ<P> where P : IPeft<P>
{
    [Weight("transformer.wte"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("transformer.h"), Ist, Checkpointed] public partial LayerStack<GptJBlock<P>> Blocks { get; }
    [Weight("transformer.ln_f")] public partial LayerNorm<Model> Norm { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial BiasedLinear<Model, Vocab> Head { get; }
}
