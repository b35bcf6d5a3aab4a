using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="RmsNorm{D}"/>. Forward: rstd = 1 / sqrt(mean(x^2) + epsilon), y = w x rstd.
/// Backward, with n = x rstd and g = w dy: dx = rstd (g - n mean(g n)), dw += sum over rows of dy n.
/// </summary>
public static unsafe partial class RmsNorm
{
    /// <summary>y = w x rstd.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, D].</param>
    /// <param name="rstd">Receives the reciprocal root mean square of each row, [rows].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="norm">w, [D].</param>
    public static void Forward<D>(Run run, [Result] Act<D> y, [Saved] Act<One> rstd, Act<D> x, RmsNorm<D> norm) where D : IWidth =>
        Forward(run, y.Data, rstd.Data, x.Data, norm.Weight, norm.Epsilon, run.Rows, x.Width);

    /// <summary>dx = rstd (g - n mean(g n)).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, D]; may be <paramref name="dy"/> itself.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="rstd">What the forward pass saved, [rows].</param>
    /// <param name="norm">w, [D].</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<One> rstd, RmsNorm<D> norm) where D : IWidth =>
        Backward(run, Into.Set, dx.Data, dy.Data, x.Data, rstd.Data, norm.Weight, run.Rows, x.Width);

    /// <summary>dx += rstd (g - n mean(g n)).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="rstd">What the forward pass saved, [rows].</param>
    /// <param name="norm">w, [D].</param>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<One> rstd, RmsNorm<D> norm) where D : IWidth =>
        Backward(run, Into.Add, dx.Data, dy.Data, x.Data, rstd.Data, norm.Weight, run.Rows, x.Width);

    /// <summary>dw += sum over rows of dy x rstd, where w is trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="rstd">What the forward pass saved, [rows].</param>
    /// <param name="norm">w and its gradient, [D].</param>
    public static void BackwardWeights<D>(Run run, Act<D> dy, Act<D> x, Act<One> rstd, RmsNorm<D> norm) where D : IWidth =>
        BackwardWeights(run, dy.Data, x.Data, rstd.Data, norm.Weight, run.Rows, x.Width);

    /// <summary>Norms rows of any kind: a whole row of the batch, or each of its heads. The offset is added to w.</summary>
    internal static void Forward(Run run, float* y, float* rstd, float* x, Weight weight, float epsilon, int rows, int width, float offset = 0)
    {
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, y, rstd, x, weight, epsilon, rows, width, offset);
            return;
        }
        var job = new ForwardJob(run.Cpu.Scratches, y, rstd, x, weight.Data, weight.DType, offset, epsilon, rows, width);
        run.Cpu.For(RowTasks.Count(rows, width), job);
    }

    /// <summary>dx = or += the gradient by such rows.</summary>
    internal static void Backward(
        Run run, Into into, float* dx, float* dy, float* x, float* rstd, Weight weight, int rows, int width, float offset = 0)
    {
        if (run.Gpu is { } gpu)
        {
            Backward(gpu, into, dx, dy, x, rstd, weight, rows, width, offset);
            return;
        }
        var job = new BackwardJob(run.Cpu.Scratches, into, dx, dy, x, rstd, weight.Data, weight.DType, offset, rows, width);
        run.Cpu.For(RowTasks.Count(rows, width), job);
    }

    /// <summary>dw += the gradient by their weight, where it is trained.</summary>
    internal static void BackwardWeights(Run run, float* dy, float* x, float* rstd, Weight weight, int rows, int width)
    {
        if (weight.Gradient == null)
            return;
        if (run.Gpu is { } gpu)
        {
            BackwardWeights(gpu, weight.Gradient, dy, x, rstd, rows, width);
            return;
        }
        var job = new WeightsJob(weight.Gradient, dy, x, rstd, rows, width);
        run.Cpu.For(job.Tasks, job);
    }
}
