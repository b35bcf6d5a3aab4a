using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Output(attention(Query(x), Key(x), Value(x))).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class OptSelfAttention<P> where P : IPeft<P>
{
    [Weight("self_attn.q_proj"), Slot] public partial OptionalBiasLinear<Model, Query> Query { get; }
    [Weight("self_attn.k_proj"), Slot, From(Part.Input)] public partial OptionalBiasLinear<Model, KeyValue> Key { get; }
    [Weight("self_attn.v_proj"), Slot, From(Part.Input)] public partial OptionalBiasLinear<Model, KeyValue> Value { get; }
    [Slot, From(nameof(Query), nameof(Key), nameof(Value))] public partial CausalAttention<Query, KeyValue> Mix { get; }
    [Weight("self_attn.out_proj"), Slot] public partial OptionalBiasLinear<Query, Model> Output { get; }
}
