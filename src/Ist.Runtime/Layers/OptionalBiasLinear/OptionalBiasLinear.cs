using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="OptionalBiasLinear{I, O}"/>: those of <see cref="Linear"/>, which adds the bias where there is one.</summary>
public static class OptionalBiasLinear
{
    /// <summary>y = x W^T, or x W^T + b.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, O].</param>
    /// <param name="x">The input, [rows, I].</param>
    /// <param name="linear">W, [O, I], and perhaps b, [O].</param>
    public static void Forward<I, O>(Run run, [Result] Act<O> y, Act<I> x, OptionalBiasLinear<I, O> linear) where I : IWidth where O : IWidth =>
        Linear.Forward(run, y, x, linear);

    /// <summary>dx = dy W.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, I].</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="linear">W, [O, I].</param>
    public static void BackwardSet<I, O>(Run run, Act<I> dx, Act<O> dy, OptionalBiasLinear<I, O> linear) where I : IWidth where O : IWidth =>
        Linear.BackwardSet(run, dx, dy, linear);

    /// <summary>dx += dy W.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, I].</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="linear">W, [O, I].</param>
    public static void BackwardAdd<I, O>(Run run, Act<I> dx, Act<O> dy, OptionalBiasLinear<I, O> linear) where I : IWidth where O : IWidth =>
        Linear.BackwardAdd(run, dx, dy, linear);

    /// <summary>dW += dy^T x and db += sum over rows of dy, each where it is trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="x">The input, [rows, I].</param>
    /// <param name="linear">W, [O, I], and perhaps b, [O], and their gradients.</param>
    public static void BackwardWeights<I, O>(Run run, Act<O> dy, [ReadWhere(nameof(OptionalBiasLinear<I, O>.TrainsWeight))] Act<I> x, OptionalBiasLinear<I, O> linear)
        where I : IWidth where O : IWidth =>
        Linear.BackwardWeights(run, dy, x, linear);
}
