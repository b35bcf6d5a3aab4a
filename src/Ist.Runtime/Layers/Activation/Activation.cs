using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="Activation{D}"/>: y = f(x); dx = f'(x) dy.</summary>
public static unsafe partial class Activation
{
    /// <summary>y = f(x).</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, D]; may be <paramref name="x"/> itself.</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="activation">f.</param>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, Activation<D> activation) where D : IWidth =>
        Forward(run, activation.Function, y.Data, x.Data, (long)run.Rows * y.Width);

    /// <summary>dx = f'(x) dy.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, D]; may be <paramref name="dy"/> itself.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="activation">f.</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Activation<D> activation) where D : IWidth =>
        Backward(run, activation.Function, Into.Set, dx.Data, dy.Data, x.Data, (long)run.Rows * dy.Width);

    /// <summary>dx += f'(x) dy.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="activation">f.</param>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, Activation<D> activation) where D : IWidth =>
        Backward(run, activation.Function, Into.Add, dx.Data, dy.Data, x.Data, (long)run.Rows * dy.Width);

    /// <summary>y = f(x) for elements that stand in rows of any kind.</summary>
    internal static void Forward(Run run, ActivationFunction function, float* y, float* x, long count)
    {
        switch (function)
        {
            case ActivationFunction.Gelu:
                Forward<GeluFunction>(run, y, x, count);
                break;
            case ActivationFunction.GeluTanh:
                Forward<GeluTanhFunction>(run, y, x, count);
                break;
            case ActivationFunction.QuickGelu:
                Forward<QuickGeluFunction>(run, y, x, count);
                break;
            case ActivationFunction.Relu:
                Forward<ReluFunction>(run, y, x, count);
                break;
            case ActivationFunction.ReluSquared:
                Forward<ReluSquaredFunction>(run, y, x, count);
                break;
            case ActivationFunction.Sigmoid:
                Forward<SigmoidFunction>(run, y, x, count);
                break;
            case ActivationFunction.Silu:
                Forward<SiluFunction>(run, y, x, count);
                break;
            case ActivationFunction.Tanh:
                Forward<TanhFunction>(run, y, x, count);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(function), function, null);
        }
    }

    /// <summary>dx = or += f'(x) dy for such elements.</summary>
    internal static void Backward(Run run, ActivationFunction function, Into into, float* dx, float* dy, float* x, long count)
    {
        switch (function)
        {
            case ActivationFunction.Gelu:
                Backward<GeluFunction>(run, into, dx, dy, x, count);
                break;
            case ActivationFunction.GeluTanh:
                Backward<GeluTanhFunction>(run, into, dx, dy, x, count);
                break;
            case ActivationFunction.QuickGelu:
                Backward<QuickGeluFunction>(run, into, dx, dy, x, count);
                break;
            case ActivationFunction.Relu:
                Backward<ReluFunction>(run, into, dx, dy, x, count);
                break;
            case ActivationFunction.ReluSquared:
                Backward<ReluSquaredFunction>(run, into, dx, dy, x, count);
                break;
            case ActivationFunction.Sigmoid:
                Backward<SigmoidFunction>(run, into, dx, dy, x, count);
                break;
            case ActivationFunction.Silu:
                Backward<SiluFunction>(run, into, dx, dy, x, count);
                break;
            case ActivationFunction.Tanh:
                Backward<TanhFunction>(run, into, dx, dy, x, count);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(function), function, null);
        }
    }

    private static void Forward<F>(Run run, float* y, float* x, long count) where F : struct, ILaneFunction
    {
        if (run.Gpu is { } gpu)
            Forward<F>(gpu, y, x, count);
        else
            run.Cpu.For(RowTasks.Count(count), new ForwardJob<F>(y, x, count));
    }

    private static void Backward<F>(Run run, Into into, float* dx, float* dy, float* x, long count) where F : struct, ILaneFunction
    {
        if (run.Gpu is { } gpu)
            Backward<F>(gpu, into, dx, dy, x, count);
        else
            run.Cpu.For(RowTasks.Count(count), new BackwardJob<F>(into, dx, dy, x, count));
    }
}
