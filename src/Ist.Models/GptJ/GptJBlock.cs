using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = x + Attention(n) + Mlp(n), n = Norm(x): both branches stand side by side behind one norm.</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Block]
public sealed partial class GptJBlock<P> where P : IPeft<P>
{
    [Weight("ln_1")] public partial LayerNorm<Model> Norm { get; }
    [Slot("attention_adapters", To = Part.Input)] public partial GptJAttention<P> Attention { get; }
    [From(nameof(Attention), Part.Input)] public partial Sum<Model> Attended { get; }
    [Slot("output_adapters", To = nameof(Attended)), From(nameof(Norm))] public partial GptJMlp<P> Mlp { get; }
    [From(nameof(Mlp), nameof(Attended))] public partial Sum<Model> Result { get; }
}
