using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Layers;
/// <summary/>
public static partial class Residual
{
    /// <summary>y += x.</summary>
    public static void Add<D>(Run run, Act<D> y, Act<D> x) where D : IWidth => throw new NotImplementedException();
}
