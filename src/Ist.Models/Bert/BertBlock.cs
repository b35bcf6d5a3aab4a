using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>h = AttentionNorm(x + Attention(x)), y = MlpNorm(h + Mlp(h)): the norms stand after the sums.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class BertBlock<P> where P : IPeft<P>
{
    [Slot("attention.output", Norm = nameof(AttentionNorm)), Residual] public partial BertAttention<P> Attention { get; }
    [Weight("attention.output.LayerNorm")] public partial LayerNorm<Model> AttentionNorm { get; }
    [Slot("output", Norm = nameof(MlpNorm)), Residual] public partial BertMlp<P> Mlp { get; }
    [Weight("output.LayerNorm")] public partial LayerNorm<Model> MlpNorm { get; }
}
