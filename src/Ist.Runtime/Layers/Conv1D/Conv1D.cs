using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="Conv1D{I, O}"/>: those of <see cref="Linear"/>, which reads the weight in the order that it is stored in.</summary>
public static class Conv1D
{
    /// <summary>y = x V + b.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, O].</param>
    /// <param name="x">The input, [rows, I].</param>
    /// <param name="linear">V, [I, O], and b, [O].</param>
    public static void Forward<I, O>(Run run, [Result] Act<O> y, Act<I> x, Conv1D<I, O> linear) where I : IWidth where O : IWidth =>
        Linear.Forward(run, y, x, linear);

    /// <summary>dx = dy V^T.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, I].</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="linear">V, [I, O].</param>
    public static void BackwardSet<I, O>(Run run, Act<I> dx, Act<O> dy, Conv1D<I, O> linear) where I : IWidth where O : IWidth =>
        Linear.BackwardSet(run, dx, dy, linear);

    /// <summary>dx += dy V^T.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, I].</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="linear">V, [I, O].</param>
    public static void BackwardAdd<I, O>(Run run, Act<I> dx, Act<O> dy, Conv1D<I, O> linear) where I : IWidth where O : IWidth =>
        Linear.BackwardAdd(run, dx, dy, linear);

    /// <summary>dV += x^T dy and db += sum over rows of dy, each where it is trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="x">The input, [rows, I].</param>
    /// <param name="linear">V, [I, O], and b, [O], and their gradients.</param>
    public static void BackwardWeights<I, O>(Run run, Act<O> dy, [ReadWhere(nameof(Conv1D<I, O>.TrainsWeight))] Act<I> x, Conv1D<I, O> linear)
        where I : IWidth where O : IWidth =>
        Linear.BackwardWeights(run, dy, x, linear);
}
