using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Down(gelu(Gate(n)) * Up(n)), n = Norm(x).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class GemmaMlp<P> where P : IPeft<P>
{
    [Weight("post_attention_layernorm")] public partial UnitOffsetRmsNorm<Model> Norm { get; }
    [Weight("mlp.gate_proj"), Slot] public partial Linear<Model, Ffn> Gate { get; }
    [Weight("mlp.up_proj"), Slot, From(nameof(Norm))] public partial Linear<Model, Ffn> Up { get; }
    [From(nameof(Gate), nameof(Up))] public partial GeGlu<Ffn> Act { get; }
    [Weight("mlp.down_proj"), Slot] public partial Linear<Ffn, Model> Down { get; }
}
