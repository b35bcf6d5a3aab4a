using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// y = Output(attention(rotary(query), rotary(key), value)), where (query, key, value) = Fused(Norm(x)) is one projection; the rotary
/// embedding may turn a part of each head.
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class Phi3Attention<P> where P : IPeft<P>
{
    [Weight("input_layernorm")] public partial RmsNorm<Model> Norm { get; }
    [Weight("self_attn.qkv_proj"), Slot] public partial Linear<Model, QueryKeyValue> Fused { get; }
    public partial SplitQkv<QueryKeyValue, Query, KeyValue> Split { get; }
    [From("Split.Query")] public partial Rotary<Query> TurnedQuery { get; }
    [From("Split.Key")] public partial Rotary<KeyValue> TurnedKey { get; }
    [Slot, From(nameof(TurnedQuery), nameof(TurnedKey), "Split.Value")] public partial CausalAttention<Query, KeyValue> Mix { get; }
    [Weight("self_attn.o_proj"), Slot] public partial Linear<Query, Model> Output { get; }
}
