using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="GeGlu{D}"/>. With v = 2 sqrt(2 / pi) (gate + 0.044715 gate^3) and s = 1 / (1 + e^-v), which is
/// (1 + tanh(v / 2)) / 2: y = gate s up; dgate = dy up s (1 + gate (1 - s) v'), dup = dy gate s.
/// </summary>
public static unsafe partial class GeGlu
{
    /// <summary>y = gate s up.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, D]; may be an input.</param>
    /// <param name="gate">What goes through gelu, [rows, D].</param>
    /// <param name="up">What is multiplied, [rows, D].</param>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> gate, Act<D> up) where D : IWidth
    {
        long count = (long)run.Rows * y.Width;
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, y.Data, gate.Data, up.Data, count);
            return;
        }
        run.Cpu.For(RowTasks.Count(count), new ForwardJob(y.Data, gate.Data, up.Data, count));
    }

    /// <summary>dgate = dy up s (1 + gate (1 - s) v'), dup = dy gate s.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dgate">Receives the gradient by the gate, [rows, D].</param>
    /// <param name="dup">Receives the gradient by the other input, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="gate">The gate, [rows, D].</param>
    /// <param name="up">The other input, [rows, D].</param>
    public static void BackwardSet<D>(Run run, Act<D> dgate, Act<D> dup, Act<D> dy, Act<D> gate, Act<D> up) where D : IWidth =>
        Backward(run, Into.Set, dgate, dup, dy, gate, up);

    /// <summary>dgate += dy up s (1 + gate (1 - s) v'), dup += dy gate s.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dgate">The gradient by the gate is added to it, [rows, D].</param>
    /// <param name="dup">The gradient by the other input is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="gate">The gate, [rows, D].</param>
    /// <param name="up">The other input, [rows, D].</param>
    public static void BackwardAdd<D>(Run run, Act<D> dgate, Act<D> dup, Act<D> dy, Act<D> gate, Act<D> up) where D : IWidth =>
        Backward(run, Into.Add, dgate, dup, dy, gate, up);

    private static void Backward<D>(Run run, Into into, Act<D> dgate, Act<D> dup, Act<D> dy, Act<D> gate, Act<D> up) where D : IWidth
    {
        long count = (long)run.Rows * dy.Width;
        if (run.Gpu is { } gpu)
        {
            Backward(gpu, into, dgate.Data, dup.Data, dy.Data, gate.Data, up.Data, count);
            return;
        }
        run.Cpu.For(RowTasks.Count(count), new BackwardJob(into, dgate.Data, dup.Data, dy.Data, gate.Data, up.Data, count));
    }
}
