using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Attention(Norm(x)).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class BloomAttention<P> where P : IPeft<P>
{
    [Weight("input_layernorm")] public partial LayerNorm<Model> Norm { get; }
    public partial BloomSelfAttention<P> Attention { get; }
}
