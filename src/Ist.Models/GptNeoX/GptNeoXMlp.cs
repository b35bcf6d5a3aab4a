using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Down(act(Up(Norm(x)))).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class GptNeoXMlp<P> where P : IPeft<P>
{
    [Weight("post_attention_layernorm")] public partial LayerNorm<Model> Norm { get; }
    [Weight("mlp.dense_h_to_4h"), Slot] public partial BiasedLinear<Model, Ffn> Up { get; }
    public partial Activation<Ffn> Act { get; }
    [Weight("mlp.dense_4h_to_h"), Slot] public partial BiasedLinear<Ffn, Model> Down { get; }
}
