using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Output(attention(rotary(Query(n)), rotary(Key(n)), Value(n))), n = Norm(x).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class LlamaAttention<P> where P : IPeft<P>
{
    [Weight("input_layernorm")] public partial RmsNorm<Model> Norm { get; }
    [Weight("self_attn.q_proj"), Slot] public partial OptionalBiasLinear<Model, Query> Query { get; }
    [Weight("self_attn.k_proj"), Slot, From(nameof(Norm))] public partial OptionalBiasLinear<Model, KeyValue> Key { get; }
    [Weight("self_attn.v_proj"), Slot, From(nameof(Norm))] public partial OptionalBiasLinear<Model, KeyValue> Value { get; }
    [From(nameof(Query))] public partial Rotary<Query> TurnedQuery { get; }
    [From(nameof(Key))] public partial Rotary<KeyValue> TurnedKey { get; }
    [Slot, From(nameof(TurnedQuery), nameof(TurnedKey), nameof(Value))] public partial CausalAttention<Query, KeyValue> Mix { get; }
    [Weight("self_attn.o_proj"), Slot] public partial OptionalBiasLinear<Query, Model> Output { get; }
}
