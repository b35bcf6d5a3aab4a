using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = w * n, n = x r, r = 1 / sqrt(mean(x^2) + epsilon), row by row.
/// Backward, with g = w * dy: dx = r (g - n mean(g n)), dw = sum over rows of dy n.
/// </summary>
public static unsafe partial class RmsNorm
{
    /// <summary>y = w * x r; keeps r.</summary>
    public static void Forward<D>(Run run, [Result] Act<D> y, [Saved] Act<One> rstd, Act<D> x, RmsNorm<D> norm) where D : IWidth =>
        ForwardCpu(run, y.Data, rstd.Data, x.Data, norm.Weight, x.Width, norm.Epsilon);

    /// <summary>dx = the gradient by x.</summary>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<One> rstd, RmsNorm<D> norm) where D : IWidth =>
        BackwardCpu(run, Into.Set, dx.Data, dy.Data, x.Data, rstd.Data, norm.Weight, x.Width);

    /// <summary>dx += the gradient by x.</summary>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<One> rstd, RmsNorm<D> norm) where D : IWidth =>
        BackwardCpu(run, Into.Add, dx.Data, dy.Data, x.Data, rstd.Data, norm.Weight, x.Width);

    /// <summary>dw += the gradient by w, where it is trained.</summary>
    public static void BackwardWeights<D>(Run run, Act<D> dy, Act<D> x, Act<One> rstd, RmsNorm<D> norm) where D : IWidth
    {
        if (norm.Weight.Gradient is var dw && dw is not null)
            BackwardWeightsCpu(run, dw, dy.Data, x.Data, rstd.Data, x.Width);
    }
}
