using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = x + Attention(x) + Mlp(x): the branches stand side by side, each behind a norm of its own.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class GptNeoXBlock<P> where P : IPeft<P>
{
    [Residual] public partial GptNeoXAttention<P> Attention { get; }
    [From(Part.Input)] public partial GptNeoXMlp<P> Mlp { get; }
    [From(nameof(Attention), nameof(Mlp))] public partial Sum<Model> Result { get; }
}
