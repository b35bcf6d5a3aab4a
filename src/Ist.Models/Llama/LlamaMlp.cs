using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Down(silu(Gate(n)) * Up(n)), n = Norm(x).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class LlamaMlp<P> where P : IPeft<P>
{
    [Weight("post_attention_layernorm")] public partial RmsNorm<Model> Norm { get; }
    [Weight("mlp.gate_proj"), Slot] public partial OptionalBiasLinear<Model, Ffn> Gate { get; }
    [Weight("mlp.up_proj"), Slot, From(nameof(Norm))] public partial OptionalBiasLinear<Model, Ffn> Up { get; }
    [From(nameof(Gate), nameof(Up))] public partial SwiGlu<Ffn> Act { get; }
    [Weight("mlp.down_proj"), Slot] public partial OptionalBiasLinear<Ffn, Model> Down { get; }
}
