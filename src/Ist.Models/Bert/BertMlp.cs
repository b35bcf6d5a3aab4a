using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Down(f(Up(x))), with the function f that the configuration names (<c>hidden_act</c>).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class BertMlp<P> where P : IPeft<P>
{
    [Weight("intermediate.dense"), Slot] public partial BiasedLinear<Model, Ffn> Up { get; }
    public partial Activation<Ffn> Act { get; }
    [Weight("output.dense"), Slot] public partial BiasedLinear<Ffn, Model> Down { get; }
}
