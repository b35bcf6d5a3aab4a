using Ist.Runtime.Declaring;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>h = x + Attention(x), y = h + Mlp(h), with LLaMA's parts; the attention may have a window.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class MistralBlock<P> where P : IPeft<P>
{
    [Residual] public partial LlamaAttention<P> Attention { get; }
    [Residual] public partial LlamaMlp<P> Mlp { get; }
}
