using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="LayerNorm{D}"/>. Forward: rstd = 1 / sqrt(mean((x - mean)^2) + epsilon), y = w (x - mean) rstd + b.
/// Backward, with n = (x - mean) rstd and g = w dy: dx = rstd (g - mean(g) - n mean(g n)), dw += sum over rows of dy n,
/// db += sum over rows of dy.
/// </summary>
public static unsafe partial class LayerNorm
{
    /// <summary>y = w (x - mean) rstd + b.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, D].</param>
    /// <param name="mean">Receives the mean of each row, [rows].</param>
    /// <param name="rstd">Receives the reciprocal deviation of each row, [rows].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="norm">w and b, [D].</param>
    public static void Forward<D>(
        Run run, [Result] Act<D> y, [Saved] Act<One> mean, [Saved] Act<One> rstd, Act<D> x, LayerNorm<D> norm) where D : IWidth
    {
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, y.Data, mean.Data, rstd.Data, x.Data, norm.Weight, norm.Bias, norm.Epsilon, run.Rows, x.Width);
            return;
        }
        var job = new ForwardJob(
            run.Cpu.Scratches, y.Data, mean.Data, rstd.Data, x.Data, norm.Weight.Data, norm.Weight.DType, norm.Bias.Data, norm.Bias.DType,
            norm.Epsilon, run.Rows, x.Width);
        run.Cpu.For(RowTasks.Count(run.Rows, x.Width), job);
    }

    /// <summary>dx = rstd (g - mean(g) - n mean(g n)).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, D]; may be <paramref name="dy"/> itself.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="mean">What the forward pass saved, [rows].</param>
    /// <param name="rstd">What the forward pass saved, [rows].</param>
    /// <param name="norm">w, [D].</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<One> mean, Act<One> rstd, LayerNorm<D> norm) where D : IWidth =>
        Backward(run, Into.Set, dx, dy, x, mean, rstd, norm);

    /// <summary>dx += rstd (g - mean(g) - n mean(g n)).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="mean">What the forward pass saved, [rows].</param>
    /// <param name="rstd">What the forward pass saved, [rows].</param>
    /// <param name="norm">w, [D].</param>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Act<One> mean, Act<One> rstd, LayerNorm<D> norm) where D : IWidth =>
        Backward(run, Into.Add, dx, dy, x, mean, rstd, norm);

    /// <summary>dw += sum over rows of dy n and db += sum over rows of dy, each where it is trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="mean">What the forward pass saved, [rows].</param>
    /// <param name="rstd">What the forward pass saved, [rows].</param>
    /// <param name="norm">w and b and their gradients, [D].</param>
    public static void BackwardWeights<D>(Run run, Act<D> dy, Act<D> x, Act<One> mean, Act<One> rstd, LayerNorm<D> norm) where D : IWidth
    {
        BiasedLinear.AddGradient(run, norm.Bias, dy.Data, x.Width);
        if (norm.Weight.Gradient == null)
            return;
        if (run.Gpu is { } gpu)
        {
            BackwardWeights(gpu, norm.Weight.Gradient, dy.Data, x.Data, mean.Data, rstd.Data, run.Rows, x.Width);
            return;
        }
        var job = new WeightJob(norm.Weight.Gradient, dy.Data, x.Data, mean.Data, rstd.Data, run.Rows, x.Width);
        run.Cpu.For(job.Tasks, job);
    }

    private static void Backward<D>(Run run, Into into, Act<D> dx, Act<D> dy, Act<D> x, Act<One> mean, Act<One> rstd, LayerNorm<D> norm)
        where D : IWidth
    {
        if (run.Gpu is { } gpu)
        {
            Backward(gpu, into, dx.Data, dy.Data, x.Data, mean.Data, rstd.Data, norm.Weight, run.Rows, x.Width);
            return;
        }
        var job = new BackwardJob(
            run.Cpu.Scratches, into, dx.Data, dy.Data, x.Data, mean.Data, rstd.Data, norm.Weight.Data, norm.Weight.DType, run.Rows, x.Width);
        run.Cpu.For(RowTasks.Count(run.Rows, x.Width), job);
    }
}
