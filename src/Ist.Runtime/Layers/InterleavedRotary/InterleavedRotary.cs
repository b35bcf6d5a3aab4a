using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="InterleavedRotary{D}"/>. For each pair (a, b), with c, s the cosine and sine of the row's position:
/// y = (a c - b s, b c + a s), and the rest of the head as it is. Backward is the turn by the opposite angle:
/// dx = (da c + db s, db c - da s).
/// </summary>
public static unsafe partial class InterleavedRotary
{
    /// <summary>y = x turned by its positions' angles.</summary>
    /// <param name="run">The run; its batch has the positions.</param>
    /// <param name="y">Receives the result, [rows, heads x head size]; may be <paramref name="x"/> itself.</param>
    /// <param name="x">The input, [rows, heads x head size].</param>
    /// <param name="rotary">The angles.</param>
    /// <exception cref="RunException">A position lies beyond the tables.</exception>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, InterleavedRotary<D> rotary) where D : IWidth =>
        Turn(run, Into.Set, y, x, rotary, 1);

    /// <summary>dx = dy turned back.</summary>
    /// <param name="run">The run; its batch has the positions.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, heads x head size]; may be <paramref name="dy"/> itself.</param>
    /// <param name="dy">The gradient by the result, [rows, heads x head size].</param>
    /// <param name="rotary">The angles.</param>
    /// <exception cref="RunException">A position lies beyond the tables.</exception>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, InterleavedRotary<D> rotary) where D : IWidth =>
        Turn(run, Into.Set, dx, dy, rotary, -1);

    /// <summary>dx += dy turned back.</summary>
    /// <param name="run">The run; its batch has the positions.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, heads x head size].</param>
    /// <param name="dy">The gradient by the result, [rows, heads x head size].</param>
    /// <param name="rotary">The angles.</param>
    /// <exception cref="RunException">A position lies beyond the tables.</exception>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, InterleavedRotary<D> rotary) where D : IWidth =>
        Turn(run, Into.Add, dx, dy, rotary, -1);

    private static void Turn<D>(Run run, Into into, Act<D> to, Act<D> from, InterleavedRotary<D> rotary, float direction) where D : IWidth
    {
        RotaryAngles angles = rotary.Angles;
        RotaryTable table = angles.TableOf(run);
        if (run.Gpu is { } gpu)
        {
            Rotary.Turn(gpu, into, to.Data, from.Data, gpu.Mirror(run.Batch, run.Batch.Positions), table, direction, run.Rows, from.Width, angles, step: 2, partner: 1);
            return;
        }
        var job = new TurnJob(
            into, to.Data, from.Data, run.Batch.Positions, table.Cosines, table.Sines, direction, run.Rows, from.Width, angles.HeadSize, angles.Turned);
        run.Cpu.For(RowTasks.Count(run.Rows, from.Width), job);
    }
}
