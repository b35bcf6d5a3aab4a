using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>n = AttentionNorm(x), h = n + Attention(n), m = MlpNorm(h), y = m + Mlp(m): branches are added to what they were given, normed.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class BloomNormedResidualBlock<P> where P : IPeft<P>
{
    [Weight("input_layernorm")] public partial LayerNorm<Model> AttentionNorm { get; }
    [Residual] public partial BloomSelfAttention<P> Attention { get; }
    [Weight("post_attention_layernorm")] public partial LayerNorm<Model> MlpNorm { get; }
    [Residual] public partial BloomFeedForward<P> Mlp { get; }
}
