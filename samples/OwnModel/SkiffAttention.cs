using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace OwnModel;

/// <summary>
/// Attention between two norms, one before and one after it (as Gemma 2 has them): y = After(Output(attention(rotary(Query(n)),
/// rotary(Key(n)), Value(n)))), n = Before(x).
/// </summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class SkiffAttention<P> where P : IPeft<P>
{
    [Weight("mix.before")] public partial RmsNorm<Model> Before { get; }
    [Weight("mix.query"), Slot] public partial Linear<Model, Query> Query { get; }
    [Weight("mix.key"), From(nameof(Before))] public partial Linear<Model, KeyValue> Key { get; }
    [Weight("mix.value"), Slot, From(nameof(Before))] public partial Linear<Model, KeyValue> Value { get; }
    [From(nameof(Query))] public partial Rotary<Query> TurnedQuery { get; }
    [From(nameof(Key))] public partial Rotary<KeyValue> TurnedKey { get; }
    [From(nameof(TurnedQuery), nameof(TurnedKey), nameof(Value))] public partial CausalAttention<Query, KeyValue> Attend { get; }
    [Weight("mix.output"), Slot] public partial Linear<Query, Model> Output { get; }
    [Weight("mix.after")] public partial RmsNorm<Model> After { get; }
}
