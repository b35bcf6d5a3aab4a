using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Down(act(Up(x))).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class PhiMlp<P> where P : IPeft<P>
{
    [Weight("mlp.fc1"), Slot] public partial BiasedLinear<Model, Ffn> Up { get; }
    public partial Activation<Ffn> Act { get; }
    [Weight("mlp.fc2"), Slot] public partial BiasedLinear<Ffn, Model> Down { get; }
}
