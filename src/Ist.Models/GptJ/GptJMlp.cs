using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Down(act(Up(x))).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class GptJMlp<P> where P : IPeft<P>
{
    [Weight("mlp.fc_in"), Slot] public partial BiasedLinear<Model, Ffn> Up { get; }
    public partial Activation<Ffn> Act { get; }
    [Weight("mlp.fc_out"), Slot] public partial BiasedLinear<Ffn, Model> Down { get; }
}
