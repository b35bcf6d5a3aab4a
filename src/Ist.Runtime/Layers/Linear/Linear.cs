using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="Linear{I, O}"/> and of what derives from it: three matrix products, in which W is read in the precision
/// that it is stored in and everything else is F32; where the layer has a bias, the first adds to rows that hold it. A weight that is
/// stored [I, O] is read and its gradient written in that order.
/// </summary>
public static unsafe class Linear
{
    /// <summary>y = x W^T, or x W^T + b.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, O].</param>
    /// <param name="x">The input, [rows, I].</param>
    /// <param name="linear">W, [O, I], and perhaps b, [O].</param>
    public static void Forward<I, O>(Run run, [Result] Act<O> y, Act<I> x, Linear<I, O> linear) where I : IWidth where O : IWidth =>
        Forward(run, y, x, linear, default);

    /// <summary>dx = dy W.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, I].</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="linear">W, [O, I].</param>
    public static void BackwardSet<I, O>(Run run, Act<I> dx, Act<O> dy, Linear<I, O> linear) where I : IWidth where O : IWidth =>
        Backward(run, Into.Set, dx, dy, linear);

    /// <summary>dx += dy W.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, I].</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="linear">W, [O, I].</param>
    public static void BackwardAdd<I, O>(Run run, Act<I> dx, Act<O> dy, Linear<I, O> linear) where I : IWidth where O : IWidth =>
        Backward(run, Into.Add, dx, dy, linear);

    /// <summary>dW += dy^T x and db += sum over rows of dy, where they are trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the result, [rows, O].</param>
    /// <param name="x">The input, [rows, I].</param>
    /// <param name="linear">W and its gradient, [O, I], and perhaps b and its, [O].</param>
    public static void BackwardWeights<I, O>(Run run, Act<O> dy, [ReadWhere(nameof(Linear<I, O>.TrainsWeight))] Act<I> x, Linear<I, O> linear)
        where I : IWidth where O : IWidth
    {
        if (linear.Bias is { } bias)
            BiasedLinear.AddGradient(run, bias, dy.Data, linear.Outputs);
        if (linear.Weight.Gradient == null)
            return;
        int inputs = linear.Inputs, outputs = linear.Outputs;
        if (linear.FanInFanOut)
        {
            MatrixProduct.Multiply(
                run, Into.Add, 1, linear.Weight.Gradient, outputs, inputs, outputs, run.Rows,
                MatrixOperand.Transposed(x.Data, inputs), MatrixOperand.Plain(dy.Data, outputs));
            return;
        }
        MatrixProduct.Multiply(
            run, Into.Add, 1, linear.Weight.Gradient, inputs, outputs, inputs, run.Rows,
            MatrixOperand.Transposed(dy.Data, outputs), MatrixOperand.Plain(x.Data, inputs));
    }

    /// <summary>y = x W^T, or x W^T + b, and a product of x beside it.</summary>
    internal static void Forward<I, O>(Run run, Act<O> y, Act<I> x, Linear<I, O> linear, NarrowProduct beside) where I : IWidth where O : IWidth
    {
        if (linear.Bias is { } bias)
            BiasedLinear.Fill(run, y.Data, bias, linear.Outputs);
        ForwardUnbiased(run, linear.Bias is null ? Into.Set : Into.Add, y, x, linear, beside);
    }

    /// <summary>y = or += x W^T, without the bias, and a product of x beside it.</summary>
    internal static void ForwardUnbiased<I, O>(Run run, Into into, Act<O> y, Act<I> x, Linear<I, O> linear, NarrowProduct beside)
        where I : IWidth where O : IWidth
    {
        int inputs = linear.Inputs, outputs = linear.Outputs;
        MatrixProduct.Multiply(
            run, into, y.Data, outputs, run.Rows, outputs, inputs, MatrixOperand.Plain(x.Data, inputs), linear.TransposedWeight, beside);
    }

    /// <summary>dx = or += dy W, and a product of dy beside it where there is one.</summary>
    internal static void Backward<I, O>(Run run, Into into, Act<I> dx, Act<O> dy, Linear<I, O> linear, NarrowProduct beside = default)
        where I : IWidth where O : IWidth
    {
        int inputs = linear.Inputs, outputs = linear.Outputs;
        MatrixProduct.Multiply(
            run, into, dx.Data, inputs, run.Rows, inputs, outputs, MatrixOperand.Plain(dy.Data, outputs), linear.PlainWeight, beside);
    }
}
