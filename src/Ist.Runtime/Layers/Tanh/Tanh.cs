using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="Tanh{D}"/>: those of <see cref="Activation"/>, with one function.</summary>
public static unsafe class Tanh
{
    /// <summary>y = tanh(x).</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x) where D : IWidth =>
        Activation.Forward(run, ActivationFunction.Tanh, y.Data, x.Data, (long)run.Rows * y.Width);

    /// <summary>dx = (1 - tanh(x)^2) dy.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x) where D : IWidth =>
        Activation.Backward(run, ActivationFunction.Tanh, Into.Set, dx.Data, dy.Data, x.Data, (long)run.Rows * dy.Width);

    /// <summary>dx += (1 - tanh(x)^2) dy.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x) where D : IWidth =>
        Activation.Backward(run, ActivationFunction.Tanh, Into.Add, dx.Data, dy.Data, x.Data, (long)run.Rows * dy.Width);
}
