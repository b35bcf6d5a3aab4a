using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Down(act(Up(Norm(x)))).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class Gpt2Mlp<P> where P : IPeft<P>
{
    [Weight("ln_2")] public partial LayerNorm<Model> Norm { get; }
    [Weight("mlp.c_fc"), Slot] public partial Conv1D<Model, Ffn> Up { get; }
    public partial Activation<Ffn> Act { get; }
    [Weight("mlp.c_proj"), Slot] public partial Conv1D<Ffn, Model> Down { get; }
}
