using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Output(attention(q, k, v)), (q, k, v) = Fused(x), head by head; scores fall with distance.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class BloomSelfAttention<P> where P : IPeft<P>
{
    [Weight("self_attention.query_key_value"), Slot] public partial BiasedLinear<Model, QueryKeyValue> Fused { get; }
    public partial SplitHeads<QueryKeyValue, Query, KeyValue> Split { get; }
    [Slot, From("Split.Query", "Split.Key", "Split.Value")] public partial CausalAttention<Query, KeyValue> Mix { get; }
    [Weight("self_attention.dense"), Slot] public partial BiasedLinear<Query, Model> Output { get; }
}
