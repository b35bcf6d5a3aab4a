using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="BiasedLinear{I, O}"/>: those of <see cref="Linear"/>, which adds the products to rows that hold b.</summary>
public static unsafe partial class BiasedLinear
{
    /// <summary>y = x W^T + b.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, O].</param>
    /// <param name="x">The input, [rows, I].</param>
    /// <param name="linear">W, [O, I], and b, [O].</param>
    public static void Forward<I, O>(Run run, [Result] Act<O> y, Act<I> x, BiasedLinear<I, O> linear) where I : IWidth where O : IWidth =>
        Linear.Forward(run, y, x, linear);

    /// <summary>dx = dy W.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, I].</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="linear">W, [O, I].</param>
    public static void BackwardSet<I, O>(Run run, Act<I> dx, Act<O> dy, BiasedLinear<I, O> linear) where I : IWidth where O : IWidth =>
        Linear.BackwardSet(run, dx, dy, linear);

    /// <summary>dx += dy W.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, I].</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="linear">W, [O, I].</param>
    public static void BackwardAdd<I, O>(Run run, Act<I> dx, Act<O> dy, BiasedLinear<I, O> linear) where I : IWidth where O : IWidth =>
        Linear.BackwardAdd(run, dx, dy, linear);

    /// <summary>dW += dy^T x and db += sum over rows of dy, each where it is trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="x">The input, [rows, I].</param>
    /// <param name="linear">W and b and their gradients, [O, I] and [O].</param>
    public static void BackwardWeights<I, O>(Run run, Act<O> dy, [ReadWhere(nameof(BiasedLinear<I, O>.TrainsWeight))] Act<I> x, BiasedLinear<I, O> linear)
        where I : IWidth where O : IWidth =>
        Linear.BackwardWeights(run, dy, x, linear);

    /// <summary>Every row of y becomes b.</summary>
    internal static void Fill(Run run, float* y, Weight bias, int width)
    {
        if (run.Gpu is { } gpu)
        {
            Fill(gpu, y, bias, run.Rows, width);
            return;
        }
        var job = new FillJob(y, bias.Data, bias.DType, run.Rows, width);
        run.Cpu.For(RowTasks.Count(run.Rows, width), job);
    }

    /// <summary>db += sum over rows of dy, where b is trained.</summary>
    internal static void AddGradient(Run run, Weight bias, float* dy, int width)
    {
        if (bias.Gradient != null)
            RowSum.AddGradient(run, 1, bias.Gradient, dy, width);
    }
}
