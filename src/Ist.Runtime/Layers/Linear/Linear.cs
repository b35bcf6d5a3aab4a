using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>y = x W^T, with W [O, I]; dx = dy W, dW = dy^T x.</summary>
public static unsafe class Linear
{
    /// <summary>y = x W^T.</summary>
    public static void Forward<I, O>(Run run, [Result] Act<O> y, Act<I> x, Linear<I, O> linear) where I : IWidth where O : IWidth =>
        MatrixProduct.Multiply(run.Cpu, Into.Set, 1, y.Data, linear.Outputs, run.Rows, linear.Outputs, linear.Inputs,
            Rows(x.Data, linear.Inputs), new MatrixOperand(linear.Weight.Data, linear.Weight.DType, 1, linear.Inputs));

    /// <summary>dx = dy W.</summary>
    public static void BackwardSet<I, O>(Run run, Act<I> dx, Act<O> dy, Linear<I, O> linear) where I : IWidth where O : IWidth =>
        Backward(run, Into.Set, dx, dy, linear);

    /// <summary>dx += dy W.</summary>
    public static void BackwardAdd<I, O>(Run run, Act<I> dx, Act<O> dy, Linear<I, O> linear) where I : IWidth where O : IWidth =>
        Backward(run, Into.Add, dx, dy, linear);

    /// <summary>dW += dy^T x, where W is trained.</summary>
    public static void BackwardWeights<I, O>(Run run, Act<O> dy, Act<I> x, Linear<I, O> linear) where I : IWidth where O : IWidth
    {
        if (linear.Weight.Gradient is var dw && dw is not null)
            Product.XTy(run, Into.Add, 1, dw, dy.Data, x.Data, linear.Outputs, linear.Inputs, run.Rows);
    }

    internal static void Backward<I, O>(Run run, Into into, Act<I> dx, Act<O> dy, Linear<I, O> linear) where I : IWidth where O : IWidth =>
        MatrixProduct.Multiply(run.Cpu, into, 1, dx.Data, linear.Inputs, run.Rows, linear.Inputs, linear.Outputs,
            Rows(dy.Data, linear.Outputs), new MatrixOperand(linear.Weight.Data, linear.Weight.DType, linear.Inputs, 1));

    private static MatrixOperand Rows(float* data, int width) => new(data, DType.F32, width, 1);
}
