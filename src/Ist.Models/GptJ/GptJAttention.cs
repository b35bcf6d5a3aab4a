using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Output(attention(rotary(Query(x)), rotary(Key(x)), Value(x))); the rotary embedding turns the first elements of a head.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class GptJAttention<P> where P : IPeft<P>
{
    [Weight("attn.q_proj"), Slot] public partial Linear<Model, Query> Query { get; }
    [Weight("attn.k_proj"), Slot, From(Part.Input)] public partial Linear<Model, KeyValue> Key { get; }
    [Weight("attn.v_proj"), Slot, From(Part.Input)] public partial Linear<Model, KeyValue> Value { get; }
    [From(nameof(Query))] public partial InterleavedRotary<Query> TurnedQuery { get; }
    [From(nameof(Key))] public partial InterleavedRotary<KeyValue> TurnedKey { get; }
    [Slot, From(nameof(TurnedQuery), nameof(TurnedKey), nameof(Value))] public partial CausalAttention<Query, KeyValue> Mix { get; }
    [Weight("attn.out_proj"), Slot] public partial Linear<Query, Model> Output { get; }
}
