using Ist.Runtime.Devices;
using Ist.Runtime.Declaring;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Layers;
/// <summary/>
public static partial class SwiGlu
{
    /// <summary/>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> gate, Act<D> up) where D : IWidth => throw new NotImplementedException();
    /// <summary/>
    public static void BackwardSet<D>(Run run, Act<D> dgate, Act<D> dup, Act<D> dy, Act<D> gate, Act<D> up) where D : IWidth => throw new NotImplementedException();
}
