using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// BLOOM (Scao et al., arXiv 2211.05100) as Hugging Face's BloomForCausalLM computes it with <c>apply_residual_connection_post_layernorm</c>:
/// logits = Head(Norm(Blocks(TokenNorm(Tokens(ids))))).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class BloomNormedResidual<P> where P : IPeft<P>
{
    [Weight("transformer.word_embeddings"), Slot] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("transformer.word_embeddings_layernorm")] public partial LayerNorm<Model> TokenNorm { get; }
    [Weight("transformer.h"), Ist, Checkpointed] public partial LayerStack<BloomNormedResidualBlock<P>> Blocks { get; }
    [Weight("transformer.ln_f")] public partial LayerNorm<Model> Norm { get; }
    [Weight("lm_head"), Slot, TiedTo(nameof(Tokens)), Tiled] public partial Linear<Model, Vocab> Head { get; }
}
