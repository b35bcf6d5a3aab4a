using Ist.Runtime.Devices;
using Ist.Runtime.Declaring;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Layers;
/// <summary/>
public static partial class Linear
{
    /// <summary>y = x W^T.</summary>
    public static void Forward<I, O>(Run run, [Result] Act<O> y, Act<I> x, Linear<I, O> linear) where I : IWidth where O : IWidth => throw new NotImplementedException();
    /// <summary>dx = dy W.</summary>
    public static void BackwardSet<I, O>(Run run, Act<I> dx, Act<O> dy, Linear<I, O> linear) where I : IWidth where O : IWidth => Backward(run, Into.Set, dx, dy, linear);
    /// <summary>dx += dy W.</summary>
    public static void BackwardAdd<I, O>(Run run, Act<I> dx, Act<O> dy, Linear<I, O> linear) where I : IWidth where O : IWidth => Backward(run, Into.Add, dx, dy, linear);
    /// <summary>dW += dy^T x, where W is trained.</summary>
    public static void BackwardWeights<I, O>(Run run, Act<O> dy, Act<I> x, Linear<I, O> linear) where I : IWidth where O : IWidth => throw new NotImplementedException();
    internal static void Backward<I, O>(Run run, Into into, Act<I> dx, Act<O> dy, Linear<I, O> linear) where I : IWidth where O : IWidth => throw new NotImplementedException();
}
