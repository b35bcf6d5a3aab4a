using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Output(attention(rotary(q), rotary(k), v)), (q, k, v) = Fused(Norm(x)), head by head.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class GptNeoXAttention<P> where P : IPeft<P>
{
    [Weight("input_layernorm")] public partial LayerNorm<Model> Norm { get; }
    [Weight("attention.query_key_value"), Slot] public partial OptionalBiasLinear<Model, QueryKeyValue> Fused { get; }
    public partial SplitHeads<QueryKeyValue, Query, KeyValue> Split { get; }
    [From("Split.Query")] public partial Rotary<Query> TurnedQuery { get; }
    [From("Split.Key")] public partial Rotary<KeyValue> TurnedKey { get; }
    [Slot, From(nameof(TurnedQuery), nameof(TurnedKey), "Split.Value")] public partial CausalAttention<Query, KeyValue> Mix { get; }
    [Weight("attention.dense"), Slot] public partial OptionalBiasLinear<Query, Model> Output { get; }
}
