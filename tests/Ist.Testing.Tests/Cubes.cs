using Ist.Runtime.Declaring;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Testing.Tests;

/// <summary>y = Down(Up(x)^3).</summary>
[Branch]
public sealed partial class Cubes
{
    [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
    public partial Cube<Ffn> Cubed { get; }
    [Weight("down")] public partial Linear<Ffn, Model> Down { get; }
}
