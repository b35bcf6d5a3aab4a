using Ist.Runtime.Declaring;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>h = x + Attention(x), y = h + Mlp(h).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class GptNeoXSequentialBlock<P> where P : IPeft<P>
{
    [Residual] public partial GptNeoXAttention<P> Attention { get; }
    [Residual] public partial GptNeoXMlp<P> Mlp { get; }
}
