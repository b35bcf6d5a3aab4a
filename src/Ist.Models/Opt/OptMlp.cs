using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = FeedForward(Norm(x)).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class OptMlp<P> where P : IPeft<P>
{
    [Weight("final_layer_norm")] public partial LayerNorm<Model> Norm { get; }
    public partial OptFeedForward<P> FeedForward { get; }
}
