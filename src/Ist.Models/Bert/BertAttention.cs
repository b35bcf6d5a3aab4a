using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = Output(attention(Query(x), Key(x), Value(x))), where every token sees all of its sequence.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class BertAttention<P> where P : IPeft<P>
{
    [Weight("attention.self.query"), Slot] public partial BiasedLinear<Model, Query> Query { get; }
    [Weight("attention.self.key"), Slot, From(Part.Input)] public partial BiasedLinear<Model, KeyValue> Key { get; }
    [Weight("attention.self.value"), Slot, From(Part.Input)] public partial BiasedLinear<Model, KeyValue> Value { get; }
    [Slot, From(nameof(Query), nameof(Key), nameof(Value))] public partial BidirectionalAttention<Query, KeyValue> Mix { get; }
    [Weight("attention.output.dense"), Slot] public partial BiasedLinear<Query, Model> Output { get; }
}
