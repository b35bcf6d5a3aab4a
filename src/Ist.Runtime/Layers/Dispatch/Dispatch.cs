using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="Dispatch{D}"/>: y[place of (row, j)] = x[row] for every choice j of the row; dx[row] = the sum of
/// dy[place of (row, j)], in the order of the choices.
/// </summary>
public static unsafe partial class Dispatch
{
    /// <summary>y[place] = x[row].</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the copies, [rows x chosen, D].</param>
    /// <param name="x">The rows, [rows, D].</param>
    /// <param name="routes">Where the copies stand.</param>
    public static void Forward<D>(Run run, [Result] Act<Routed<D>> y, Act<D> x, Ids<Routes> routes) where D : IWidth
    {
        var table = new RouteTable(routes, run.Rows);
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, y.Data, x.Data, table, run.Rows, x.Width);
            return;
        }
        run.Cpu.For(RowTasks.Count(table.Count, x.Width), new ForwardJob(y.Data, x.Data, table, x.Width));
    }

    /// <summary>dx[row] = the sum of its copies' gradients.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the rows, [rows, D].</param>
    /// <param name="dy">The gradient by the copies, [rows x chosen, D].</param>
    /// <param name="routes">Where the copies stand.</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<Routed<D>> dy, Ids<Routes> routes) where D : IWidth =>
        Backward(run, Into.Set, dx, dy, routes);

    /// <summary>dx[row] += the sum of its copies' gradients.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the rows is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the copies, [rows x chosen, D].</param>
    /// <param name="routes">Where the copies stand.</param>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<Routed<D>> dy, Ids<Routes> routes) where D : IWidth =>
        Backward(run, Into.Add, dx, dy, routes);

    private static void Backward<D>(Run run, Into into, Act<D> dx, Act<Routed<D>> dy, Ids<Routes> routes) where D : IWidth
    {
        var table = new RouteTable(routes, run.Rows);
        if (run.Gpu is { } gpu)
        {
            Backward(gpu, into, dx.Data, dy.Data, table, run.Rows, dx.Width);
            return;
        }
        var job = new BackwardJob(into, dx.Data, dy.Data, table, run.Rows, dx.Width);
        run.Cpu.For(RowTasks.Count(run.Rows, dx.Width), job);
    }
}
