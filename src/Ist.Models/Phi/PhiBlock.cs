using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = x + Attention(n) + Mlp(n), n = Norm(x): both branches stand side by side behind one norm.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class PhiBlock<P> where P : IPeft<P>
{
    [Weight("input_layernorm")] public partial LayerNorm<Model> Norm { get; }
    public partial PhiAttention<P> Attention { get; }
    [From(nameof(Norm))] public partial PhiMlp<P> Mlp { get; }
    [From(nameof(Attention), nameof(Mlp))] public partial Sum<Model> Branches { get; }
    [From(nameof(Branches), Part.Input)] public partial Sum<Model> Result { get; }
}
