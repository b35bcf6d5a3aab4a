using Ist.Runtime.Declaring;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>h = x + Attention(x), y = h + Moe(h), with LLaMA's attention, which may have a window.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class MixtralBlock<P> where P : IPeft<P>
{
    [Residual] public partial LlamaAttention<P> Attention { get; }
    [Residual] public partial MixtralMoe<P> Moe { get; }
}
