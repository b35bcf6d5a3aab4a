using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Output(attention(rotary(Query(x)), rotary(Key(x)), Value(x))); the rotary embedding turns the first elements of a head.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class PhiAttention<P> where P : IPeft<P>
{
    [Weight("self_attn.q_proj"), Slot] public partial BiasedLinear<Model, Query> Query { get; }
    [Weight("self_attn.k_proj"), Slot, From(Part.Input)] public partial BiasedLinear<Model, KeyValue> Key { get; }
    [Weight("self_attn.v_proj"), Slot, From(Part.Input)] public partial BiasedLinear<Model, KeyValue> Value { get; }
    [From(nameof(Query))] public partial Rotary<Query> TurnedQuery { get; }
    [From(nameof(Key))] public partial Rotary<KeyValue> TurnedKey { get; }
    [Slot, From(nameof(TurnedQuery), nameof(TurnedKey), nameof(Value))] public partial CausalAttention<Query, KeyValue> Mix { get; }
    [Weight("self_attn.dense"), Slot] public partial BiasedLinear<Query, Model> Output { get; }
}
