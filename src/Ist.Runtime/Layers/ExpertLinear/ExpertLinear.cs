using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="ExpertLinear{I, O}"/>: those of <see cref="Linear"/> for one expert after the other, over its rows. An expert
/// without rows is left out.
/// </summary>
public static class ExpertLinear
{
    /// <summary>y = x W_e^T in the rows of each expert e.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the results, [rows x chosen, O].</param>
    /// <param name="x">The copies, [rows x chosen, I].</param>
    /// <param name="routes">Whose they are.</param>
    /// <param name="experts">W, [O, I] for each expert.</param>
    public static void Forward<I, O>(Run run, [Result] Act<Routed<O>> y, Act<Routed<I>> x, Ids<Routes> routes, ExpertLinear<I, O> experts)
        where I : IWidth where O : IWidth
    {
        var rows = new ExpertRows(run, routes, experts.Count);
        while (rows.Next())
        {
            Linear<I, O> expert = experts[rows.Expert];
            Linear.Forward(rows.Run, rows.Of(y, expert.Outputs), rows.Of(x, expert.Inputs), expert);
        }
    }

    /// <summary>dx = dy W_e.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the copies, [rows x chosen, I].</param>
    /// <param name="dy">The gradient by the results, [rows x chosen, O].</param>
    /// <param name="routes">Whose they are.</param>
    /// <param name="experts">W, [O, I] for each expert.</param>
    public static void BackwardSet<I, O>(Run run, Act<Routed<I>> dx, Act<Routed<O>> dy, Ids<Routes> routes, ExpertLinear<I, O> experts)
        where I : IWidth where O : IWidth =>
        Backward(run, Into.Set, dx, dy, routes, experts);

    /// <summary>dx += dy W_e.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the copies is added to it, [rows x chosen, I].</param>
    /// <param name="dy">The gradient by the results, [rows x chosen, O].</param>
    /// <param name="routes">Whose they are.</param>
    /// <param name="experts">W, [O, I] for each expert.</param>
    public static void BackwardAdd<I, O>(Run run, Act<Routed<I>> dx, Act<Routed<O>> dy, Ids<Routes> routes, ExpertLinear<I, O> experts)
        where I : IWidth where O : IWidth =>
        Backward(run, Into.Add, dx, dy, routes, experts);

    /// <summary>dW_e += dy^T x over the rows of each expert, where it is trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the results, [rows x chosen, O].</param>
    /// <param name="x">The copies, [rows x chosen, I].</param>
    /// <param name="routes">Whose they are.</param>
    /// <param name="experts">W and its gradient, [O, I] for each expert.</param>
    public static void BackwardWeights<I, O>(
        Run run, Act<Routed<O>> dy, [ReadWhere(nameof(ExpertLinear<I, O>.TrainsWeight))] Act<Routed<I>> x, Ids<Routes> routes, ExpertLinear<I, O> experts)
        where I : IWidth where O : IWidth
    {
        var rows = new ExpertRows(run, routes, experts.Count);
        while (rows.Next())
        {
            Linear<I, O> expert = experts[rows.Expert];
            Linear.BackwardWeights(rows.Run, rows.Of(dy, expert.Outputs), rows.Of(x, expert.Inputs), expert);
        }
    }

    private static void Backward<I, O>(
        Run run, Into into, Act<Routed<I>> dx, Act<Routed<O>> dy, Ids<Routes> routes, ExpertLinear<I, O> experts)
        where I : IWidth where O : IWidth
    {
        var rows = new ExpertRows(run, routes, experts.Count);
        while (rows.Next())
        {
            Linear<I, O> expert = experts[rows.Expert];
            Linear.Backward(rows.Run, into, rows.Of(dx, expert.Inputs), rows.Of(dy, expert.Outputs), expert);
        }
    }
}
