using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>h = AttentionNorm(x + Attention(x)), y = MlpNorm(h + Mlp(h)).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class OptPostNormBlock<P> where P : IPeft<P>
{
    [Residual] public partial OptSelfAttention<P> Attention { get; }
    [Weight("self_attn_layer_norm")] public partial LayerNorm<Model> AttentionNorm { get; }
    [Residual] public partial OptFeedForward<P> Mlp { get; }
    [Weight("final_layer_norm")] public partial LayerNorm<Model> MlpNorm { get; }
}
