using Ist.Runtime.Declaring;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>h = x + Attention(x), y = h + Mlp(h); both norm their input and their output.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class Gemma2Block<P> where P : IPeft<P>
{
    [Residual] public partial Gemma2Attention<P> Attention { get; }
    [Residual] public partial Gemma2Mlp<P> Mlp { get; }
}
