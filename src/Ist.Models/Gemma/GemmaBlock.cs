using Ist.Runtime.Declaring;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>h = x + Attention(x), y = h + Mlp(h).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class GemmaBlock<P> where P : IPeft<P>
{
    [Slot("attention_adapters"), Residual] public partial GemmaAttention<P> Attention { get; }
    [Slot("output_adapters"), Residual] public partial GemmaMlp<P> Mlp { get; }
}
