using Ist.Runtime.Declaring;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>h = x + Attention(x), y = h + Mlp(h).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class Phi3Block<P> where P : IPeft<P>
{
    [Residual] public partial Phi3Attention<P> Attention { get; }
    [Residual] public partial Phi3Mlp<P> Mlp { get; }
}
