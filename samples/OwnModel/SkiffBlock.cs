using Ist.Runtime.Declaring;
using Ist.Runtime.Peft;

namespace OwnModel;

/// <summary>h = x + Mix(x), y = h + Think(h).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class SkiffBlock<P> where P : IPeft<P>
{
    [Residual] public partial SkiffAttention<P> Mix { get; }
    [Residual] public partial SkiffMlp<P> Think { get; }
}
