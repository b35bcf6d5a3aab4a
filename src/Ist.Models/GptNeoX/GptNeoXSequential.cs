using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// GPT-NeoX (Black et al., arXiv 2204.06745) and Pythia as Hugging Face's GPTNeoXForCausalLM computes them, with <c>use_parallel_residual</c> false: the branches of a block come one after the other:
/// logits = Head(Norm(Blocks(Tokens(ids)))).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class GptNeoXSequential<P> where P : IPeft<P>
{
    [Weight("gpt_neox.embed_in"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("gpt_neox.layers"), Ist, Checkpointed] public partial LayerStack<GptNeoXSequentialBlock<P>> Blocks { get; }
    [Weight("gpt_neox.final_layer_norm")] public partial LayerNorm<Model> Norm { get; }
    [Weight("embed_out"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial Linear<Model, Vocab> Head { get; }
}
