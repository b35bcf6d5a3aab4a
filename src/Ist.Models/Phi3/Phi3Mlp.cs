using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Down(silu(gate) * up), where (gate, up) = Fused(Norm(x)) is one projection.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class Phi3Mlp<P> where P : IPeft<P>
{
    [Weight("post_attention_layernorm")] public partial RmsNorm<Model> Norm { get; }
    [Weight("mlp.gate_up_proj"), Slot] public partial Linear<Model, GateUp> Fused { get; }
    public partial FusedSwiGlu<GateUp, Ffn> Act { get; }
    [Weight("mlp.down_proj"), Slot] public partial Linear<Ffn, Model> Down { get; }
}
