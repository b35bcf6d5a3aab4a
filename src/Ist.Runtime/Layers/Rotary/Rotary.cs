using Ist.Runtime.Devices;
using Ist.Runtime.Declaring;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Layers;
/// <summary/>
public static partial class Rotary
{
    /// <summary/>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, Rotary<D> rotary) where D : IWidth => throw new NotImplementedException();
    /// <summary/>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Rotary<D> rotary) where D : IWidth => throw new NotImplementedException();
    /// <summary/>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Rotary<D> rotary) where D : IWidth => throw new NotImplementedException();
}
