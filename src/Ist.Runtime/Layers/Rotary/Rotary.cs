using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="Rotary{D}"/>. In each head, with a the first half of what is turned, b the second, and c, s the cosines and
/// sines of the row's position: y = (a c - b s, b c + a s), and the rest of the head as it is. Backward is the turn by the opposite
/// angle: dx = (da c + db s, db c - da s).
/// </summary>
public static unsafe partial class Rotary
{
    /// <summary>y = x turned by its positions' angles.</summary>
    /// <param name="run">The run; its batch has the positions.</param>
    /// <param name="y">Receives the result, [rows, heads x head size]; may be <paramref name="x"/> itself.</param>
    /// <param name="x">The input, [rows, heads x head size].</param>
    /// <param name="rotary">The angles.</param>
    /// <exception cref="RunException">A position lies beyond the tables.</exception>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, Rotary<D> rotary) where D : IWidth =>
        Turn(run, Into.Set, y, x, rotary, 1);

    /// <summary>dx = dy turned back.</summary>
    /// <param name="run">The run; its batch has the positions.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, heads x head size]; may be <paramref name="dy"/> itself.</param>
    /// <param name="dy">The gradient by the result, [rows, heads x head size].</param>
    /// <param name="rotary">The angles.</param>
    /// <exception cref="RunException">A position lies beyond the tables.</exception>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Rotary<D> rotary) where D : IWidth =>
        Turn(run, Into.Set, dx, dy, rotary, -1);

    /// <summary>dx += dy turned back.</summary>
    /// <param name="run">The run; its batch has the positions.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, heads x head size].</param>
    /// <param name="dy">The gradient by the result, [rows, heads x head size].</param>
    /// <param name="rotary">The angles.</param>
    /// <exception cref="RunException">A position lies beyond the tables.</exception>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Rotary<D> rotary) where D : IWidth =>
        Turn(run, Into.Add, dx, dy, rotary, -1);

    private static void Turn<D>(Run run, Into into, Act<D> to, Act<D> from, Rotary<D> rotary, float direction) where D : IWidth
    {
        RotaryAngles angles = rotary.Angles;
        RotaryTable table = angles.TableOf(run);
        if (run.Gpu is { } gpu)
        {
            Turn(gpu, into, to.Data, from.Data, gpu.Mirror(run.Batch, run.Batch.Positions), table, direction, run.Rows, from.Width, angles, step: 1, partner: angles.Turned / 2);
            return;
        }
        var job = new TurnJob(
            into, to.Data, from.Data, run.Batch.Positions, table.Cosines, table.Sines, direction, run.Rows, from.Width, angles.HeadSize, angles.Turned);
        run.Cpu.For(RowTasks.Count(run.Rows, from.Width), job);
    }

    /// <summary>What is not turned: to = or += from.</summary>
    internal static void Pass(Into into, float* to, float* from, int count)
    {
        for (int i = 0; i < count; i += Lanes.Count)
        {
            int left = count - i;
            Lanes.Store(into == Into.Set ? Lanes.Load(from + i, left) : Lanes.Load(to + i, left) + Lanes.Load(from + i, left), to + i, left);
        }
    }
}
