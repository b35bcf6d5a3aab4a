using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// y = the sum of w_e Down_e(silu(Gate_e(n)) * Up_e(n)) over the experts e that the router chooses for the row, n = Norm(x).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class MixtralMoe<P> where P : IPeft<P>
{
    [Weight("post_attention_layernorm")] public partial RmsNorm<Model> Norm { get; }
    [Weight("block_sparse_moe.gate"), Slot] public partial Linear<Model, Experts> Router { get; }
    public partial TopExperts<Experts> Choice { get; }
    [From(nameof(Norm), "Choice.Routes")] public partial Dispatch<Model> Copies { get; }
    [Weight("block_sparse_moe.experts.*.w1"), Slot, From(nameof(Copies), "Choice.Routes")] public partial ExpertLinear<Model, Ffn> Gate { get; }
    [Weight("block_sparse_moe.experts.*.w3"), Slot, From(nameof(Copies), "Choice.Routes")] public partial ExpertLinear<Model, Ffn> Up { get; }
    [From(nameof(Gate), nameof(Up))] public partial SwiGlu<Routed<Ffn>> Act { get; }
    [Weight("block_sparse_moe.experts.*.w2"), Slot, From(nameof(Act), "Choice.Routes")] public partial ExpertLinear<Ffn, Model> Down { get; }
    [From(nameof(Down), "Choice.Weights", "Choice.Routes")] public partial Combine<Model> Mix { get; }
}
