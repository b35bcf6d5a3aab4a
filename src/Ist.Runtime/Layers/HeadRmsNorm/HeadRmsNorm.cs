using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="HeadRmsNorm{D}"/>, which are those of <see cref="RmsNorm"/> with a head for a row. Forward, for each
/// head: rstd = 1 / sqrt(mean(x^2) + epsilon), y = w x rstd. Backward, with n = x rstd and g = w dy:
/// dx = rstd (g - n mean(g n)), dw += sum over rows and heads of dy n.
/// </summary>
public static unsafe class HeadRmsNorm
{
    /// <summary>y = w x rstd.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, heads x head size].</param>
    /// <param name="rstd">Receives the reciprocal root mean square of each head, [rows, heads].</param>
    /// <param name="x">The input, [rows, heads x head size].</param>
    /// <param name="norm">w, [head size].</param>
    public static void Forward<D>(
        Run run, [Result] Act<D> y, [Saved(Width = nameof(HeadRmsNorm<D>.Heads))] Act<Own> rstd, Act<D> x, HeadRmsNorm<D> norm) where D : IWidth =>
        RmsNorm.Forward(run, y.Data, rstd.Data, x.Data, norm.Weight, norm.Epsilon, run.Rows * norm.Heads, norm.HeadSize);

    /// <summary>dx = rstd (g - n mean(g n)).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, heads x head size]; may be <paramref name="dy"/> itself.</param>
    /// <param name="dy">The gradient by the result, [rows, heads x head size].</param>
    /// <param name="x">The input, [rows, heads x head size].</param>
    /// <param name="rstd">What the forward pass saved, [rows, heads].</param>
    /// <param name="norm">w, [head size].</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<Own> rstd, HeadRmsNorm<D> norm) where D : IWidth =>
        RmsNorm.Backward(run, Into.Set, dx.Data, dy.Data, x.Data, rstd.Data, norm.Weight, run.Rows * norm.Heads, norm.HeadSize);

    /// <summary>dx += rstd (g - n mean(g n)).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, heads x head size].</param>
    /// <param name="dy">The gradient by the result, [rows, heads x head size].</param>
    /// <param name="x">The input, [rows, heads x head size].</param>
    /// <param name="rstd">What the forward pass saved, [rows, heads].</param>
    /// <param name="norm">w, [head size].</param>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<Own> rstd, HeadRmsNorm<D> norm) where D : IWidth =>
        RmsNorm.Backward(run, Into.Add, dx.Data, dy.Data, x.Data, rstd.Data, norm.Weight, run.Rows * norm.Heads, norm.HeadSize);

    /// <summary>dw += sum over rows and heads of dy x rstd, where w is trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the result, [rows, heads x head size].</param>
    /// <param name="x">The input, [rows, heads x head size].</param>
    /// <param name="rstd">What the forward pass saved, [rows, heads].</param>
    /// <param name="norm">w and its gradient, [head size].</param>
    public static void BackwardWeights<D>(Run run, Act<D> dy, Act<D> x, Act<Own> rstd, HeadRmsNorm<D> norm) where D : IWidth =>
        RmsNorm.BackwardWeights(run, dy.Data, x.Data, rstd.Data, norm.Weight, run.Rows * norm.Heads, norm.HeadSize);
}
