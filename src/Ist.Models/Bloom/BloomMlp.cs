using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>y = FeedForward(Norm(x)).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[Branch]
public sealed partial class BloomMlp<P> where P : IPeft<P>
{
    [Weight("post_attention_layernorm")] public partial LayerNorm<Model> Norm { get; }
    public partial BloomFeedForward<P> FeedForward { get; }
}
