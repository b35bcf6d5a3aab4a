using Ist.Runtime.Declaring;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>h = x + Attention(x), y = h + Mlp(h).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class Qwen3Block<P> where P : IPeft<P>
{
    [Slot("attention_adapters"), Residual] public partial Qwen3Attention<P> Attention { get; }
    [Slot("output_adapters"), Residual] public partial LlamaMlp<P> Mlp { get; }
}
