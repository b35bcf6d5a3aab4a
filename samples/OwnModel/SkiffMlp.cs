using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace OwnModel;

/// <summary>y = After(Down(silu(Gate(n)) * Up(n))), n = Before(x).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class SkiffMlp<P> where P : IPeft<P>
{
    [Weight("think.before")] public partial RmsNorm<Model> Before { get; }
    [Weight("think.gate"), Slot] public partial Linear<Model, Ffn> Gate { get; }
    [Weight("think.up"), Slot, From(nameof(Before))] public partial Linear<Model, Ffn> Up { get; }
    [From(nameof(Gate), nameof(Up))] public partial SwiGlu<Ffn> Act { get; }
    [Weight("think.down"), Slot] public partial Linear<Ffn, Model> Down { get; }
    [Weight("think.after")] public partial RmsNorm<Model> After { get; }
}
