using Ist.Runtime.Devices;
using Ist.Runtime.Declaring;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Layers;
/// <summary/>
public static partial class RmsNorm
{
    /// <summary/>
    public static void Forward<D>(Run run, [Result] Act<D> y, [Saved] Act<One> rstd, Act<D> x, RmsNorm<D> norm) where D : IWidth => throw new NotImplementedException();
    /// <summary/>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<One> rstd, RmsNorm<D> norm) where D : IWidth => throw new NotImplementedException();
    /// <summary/>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<One> rstd, RmsNorm<D> norm) where D : IWidth => throw new NotImplementedException();
    /// <summary/>
    public static void BackwardWeights<D>(Run run, Act<D> dy, Act<D> x, Act<One> rstd, RmsNorm<D> norm) where D : IWidth => throw new NotImplementedException();
}
