using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Output(attention(q, k, v)), (q, k, v) = Fused(Norm(x)).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class Gpt2Attention<P> where P : IPeft<P>
{
    [Weight("ln_1")] public partial LayerNorm<Model> Norm { get; }
    [Weight("attn.c_attn"), Slot] public partial Conv1D<Model, QueryKeyValue> Fused { get; }
    public partial SplitQkv<QueryKeyValue, Query, KeyValue> Split { get; }
    [Slot, From("Split.Query", "Split.Key", "Split.Value")] public partial CausalAttention<Query, KeyValue> Mix { get; }
    [Weight("attn.c_proj"), Slot] public partial Conv1D<Query, Model> Output { get; }
}
