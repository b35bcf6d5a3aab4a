using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="UnitOffsetRmsNorm{D}"/>, which are those of <see cref="RmsNorm"/> with 1 + w for w. Forward:
/// rstd = 1 / sqrt(mean(x^2) + epsilon), y = (1 + w) x rstd. Backward, with n = x rstd and g = (1 + w) dy:
/// dx = rstd (g - n mean(g n)), dw += sum over rows of dy n.
/// </summary>
public static unsafe class UnitOffsetRmsNorm
{
    private const float Offset = 1;

    /// <summary>y = (1 + w) x rstd.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, D].</param>
    /// <param name="rstd">Receives the reciprocal root mean square of each row, [rows].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="norm">w, [D].</param>
    public static void Forward<D>(Run run, [Result] Act<D> y, [Saved] Act<One> rstd, Act<D> x, UnitOffsetRmsNorm<D> norm) where D : IWidth =>
        RmsNorm.Forward(run, y.Data, rstd.Data, x.Data, norm.Weight, norm.Epsilon, run.Rows, x.Width, Offset);

    /// <summary>dx = rstd (g - n mean(g n)).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, D]; may be <paramref name="dy"/> itself.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="rstd">What the forward pass saved, [rows].</param>
    /// <param name="norm">w, [D].</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<One> rstd, UnitOffsetRmsNorm<D> norm) where D : IWidth =>
        RmsNorm.Backward(run, Into.Set, dx.Data, dy.Data, x.Data, rstd.Data, norm.Weight, run.Rows, x.Width, Offset);

    /// <summary>dx += rstd (g - n mean(g n)).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="rstd">What the forward pass saved, [rows].</param>
    /// <param name="norm">w, [D].</param>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<One> rstd, UnitOffsetRmsNorm<D> norm) where D : IWidth =>
        RmsNorm.Backward(run, Into.Add, dx.Data, dy.Data, x.Data, rstd.Data, norm.Weight, run.Rows, x.Width, Offset);

    /// <summary>dw += sum over rows of dy x rstd, where w is trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="rstd">What the forward pass saved, [rows].</param>
    /// <param name="norm">w and its gradient, [D].</param>
    public static void BackwardWeights<D>(Run run, Act<D> dy, Act<D> x, Act<One> rstd, UnitOffsetRmsNorm<D> norm) where D : IWidth =>
        RmsNorm.BackwardWeights(run, dy.Data, x.Data, rstd.Data, norm.Weight, run.Rows, x.Width);
}
