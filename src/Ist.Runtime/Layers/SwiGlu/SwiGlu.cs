using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = silu(gate) * up, silu(z) = z s, s = 1 / (1 + e^-z).
/// Backward: dup = dy gate s, dgate = dy up s (1 + gate (1 - s)).
/// </summary>
public static unsafe partial class SwiGlu
{
    /// <summary>y = silu(gate) * up.</summary>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> gate, Act<D> up) where D : IWidth =>
        run.Cpu.For(Tasks(run, y.Width), new ForwardJob(y.Data, gate.Data, up.Data, (long)run.Rows * y.Width));

    /// <summary>dgate and dup = the gradients.</summary>
    public static void BackwardSet<D>(Run run, Act<D> dgate, Act<D> dup, Act<D> dy, Act<D> gate, Act<D> up) where D : IWidth =>
        run.Cpu.For(Tasks(run, dy.Width), new BackwardJob(Into.Set, dgate.Data, dup.Data, dy.Data, gate.Data, up.Data, (long)run.Rows * dy.Width));

    /// <summary>dgate and dup += the gradients.</summary>
    public static void BackwardAdd<D>(Run run, Act<D> dgate, Act<D> dup, Act<D> dy, Act<D> gate, Act<D> up) where D : IWidth =>
        run.Cpu.For(Tasks(run, dy.Width), new BackwardJob(Into.Add, dgate.Data, dup.Data, dy.Data, gate.Data, up.Data, (long)run.Rows * dy.Width));
}
