using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace OwnModel;

/// <summary>A small decoder of this program's own: logits = Head(Norm(Blocks(Tokens(ids)))).</summary>
/// <typeparam name="P">The PEFT method in its slots.</typeparam>
[CausalLm]
public sealed partial class Skiff<P> where P : IPeft<P>
{
    [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
    [Weight("blocks"), Ist] public partial LayerStack<SkiffBlock<P>> Blocks { get; }
    [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
    [Weight("head"), TiedTo(nameof(Tokens)), Tiled] public partial Linear<Model, Vocab> Head { get; }
}
