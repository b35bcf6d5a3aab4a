using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="Combine{D}"/>: y[row] = the sum of w[row, j] x[place of (row, j)] in the order of the choices;
/// dx[place] = w[row, j] dy[row], dw[row, j] = dy[row] x[place].
/// </summary>
public static unsafe partial class Combine
{
    /// <summary>y[row] = the sum of w[row, j] x[place].</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the rows, [rows, D].</param>
    /// <param name="x">What the experts made, [rows x chosen, D].</param>
    /// <param name="weights">The weights of the chosen experts, [rows, chosen].</param>
    /// <param name="routes">Where the copies stand.</param>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<Routed<D>> x, Act<Chosen> weights, Ids<Routes> routes) where D : IWidth
    {
        var table = new RouteTable(routes, run.Rows);
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, y.Data, x.Data, weights.Data, table, run.Rows, y.Width);
            return;
        }
        var job = new ForwardJob(y.Data, x.Data, weights.Data, table, run.Rows, y.Width);
        run.Cpu.For(RowTasks.Count(run.Rows, y.Width), job);
    }

    /// <summary>dx[place] = w[row, j] dy[row], dw[row, j] = dy[row] x[place].</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by what the experts made, [rows x chosen, D].</param>
    /// <param name="dweights">Receives the gradient by the weights, [rows, chosen].</param>
    /// <param name="dy">The gradient by the rows, [rows, D].</param>
    /// <param name="x">What the experts made, [rows x chosen, D].</param>
    /// <param name="weights">The weights of the chosen experts, [rows, chosen].</param>
    /// <param name="routes">Where the copies stand.</param>
    public static void BackwardSet<D>(
        Run run, Act<Routed<D>> dx, Act<Chosen> dweights, Act<D> dy, Act<Routed<D>> x, Act<Chosen> weights, Ids<Routes> routes) where D : IWidth =>
        Backward(run, Into.Set, dx, dweights, dy, x, weights, routes);

    /// <summary>dx[place] += w[row, j] dy[row], dw[row, j] += dy[row] x[place].</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by what the experts made is added to it, [rows x chosen, D].</param>
    /// <param name="dweights">The gradient by the weights is added to it, [rows, chosen].</param>
    /// <param name="dy">The gradient by the rows, [rows, D].</param>
    /// <param name="x">What the experts made, [rows x chosen, D].</param>
    /// <param name="weights">The weights of the chosen experts, [rows, chosen].</param>
    /// <param name="routes">Where the copies stand.</param>
    public static void BackwardAdd<D>(
        Run run, Act<Routed<D>> dx, Act<Chosen> dweights, Act<D> dy, Act<Routed<D>> x, Act<Chosen> weights, Ids<Routes> routes) where D : IWidth =>
        Backward(run, Into.Add, dx, dweights, dy, x, weights, routes);

    private static void Backward<D>(
        Run run, Into into, Act<Routed<D>> dx, Act<Chosen> dweights, Act<D> dy, Act<Routed<D>> x, Act<Chosen> weights, Ids<Routes> routes)
        where D : IWidth
    {
        var table = new RouteTable(routes, run.Rows);
        if (run.Gpu is { } gpu)
        {
            Backward(gpu, into, dx.Data, dweights.Data, dy.Data, x.Data, weights.Data, table, dy.Width);
            return;
        }
        var job = new BackwardJob(into, dx.Data, dweights.Data, dy.Data, x.Data, weights.Data, table, dy.Width);
        run.Cpu.For(RowTasks.Count(table.Count, dy.Width), job);
    }
}
