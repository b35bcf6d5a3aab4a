using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="TopExperts{E}"/>. With the k largest logits l_j of a row: weights w = softmax(l). Backward, for the chosen
/// ones, dl_j = w_j (dw_j - sum of w dw), and 0 for the others; <see cref="RouterBalance"/> adds its own.
/// </summary>
public static unsafe partial class TopExperts
{
    /// <summary>The weights of the chosen experts, and where the copies of the rows for them stand.</summary>
    /// <param name="run">The run; its batch says which rows are real, for the balance.</param>
    /// <param name="weights">Receives the weights, the largest first, [rows, chosen].</param>
    /// <param name="routes">Receives the routes, [rows, 3 chosen].</param>
    /// <param name="logits">The router's logits, [rows, E].</param>
    /// <param name="experts">The choice.</param>
    public static void Forward<E>(Run run, [Result] Act<Chosen> weights, [Result] Ids<Routes> routes, Act<E> logits, TopExperts<E> experts)
        where E : IWidth
    {
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, run, weights, routes, logits, experts);
            return;
        }
        var table = new RouteTable(routes, run.Rows);
        var job = new ChooseJob(weights.Data, table.Experts, logits.Data, run.Rows, logits.Width, table.PerRow);
        run.Cpu.For(RowTasks.Count(run.Rows, logits.Width), job);
        if (experts.Balance.IsOn)
            experts.Balance.Measure(run, experts.Layer, logits.Data, table.Experts, table.PerRow);
        fixed (int* begins = experts.Begins)
            run.Cpu.For(1, new SortJob(table, begins, experts.Begins.Length));
    }

    /// <summary>dlogits = the gradient by the logits.</summary>
    /// <param name="run">The run; its batch says which rows are real, for the balance.</param>
    /// <param name="dlogits">Receives the gradient by the logits, [rows, E].</param>
    /// <param name="dweights">The gradient by the weights, [rows, chosen].</param>
    /// <param name="weights">The weights, [rows, chosen].</param>
    /// <param name="routes">The routes, [rows, 3 chosen].</param>
    /// <param name="logits">The router's logits, [rows, E].</param>
    /// <param name="experts">The choice.</param>
    public static void BackwardSet<E>(
        Run run, Act<E> dlogits, Act<Chosen> dweights, Act<Chosen> weights, Ids<Routes> routes, Act<E> logits, TopExperts<E> experts)
        where E : IWidth =>
        Backward(run, Into.Set, dlogits, dweights, weights, routes, logits, experts);

    /// <summary>dlogits += the gradient by the logits.</summary>
    /// <param name="run">The run; its batch says which rows are real, for the balance.</param>
    /// <param name="dlogits">The gradient by the logits is added to it, [rows, E].</param>
    /// <param name="dweights">The gradient by the weights, [rows, chosen].</param>
    /// <param name="weights">The weights, [rows, chosen].</param>
    /// <param name="routes">The routes, [rows, 3 chosen].</param>
    /// <param name="logits">The router's logits, [rows, E].</param>
    /// <param name="experts">The choice.</param>
    public static void BackwardAdd<E>(
        Run run, Act<E> dlogits, Act<Chosen> dweights, Act<Chosen> weights, Ids<Routes> routes, Act<E> logits, TopExperts<E> experts)
        where E : IWidth =>
        Backward(run, Into.Add, dlogits, dweights, weights, routes, logits, experts);

    private static void Backward<E>(
        Run run, Into into, Act<E> dlogits, Act<Chosen> dweights, Act<Chosen> weights, Ids<Routes> routes, Act<E> logits, TopExperts<E> experts)
        where E : IWidth
    {
        if (run.Gpu is { } gpu)
        {
            Backward(gpu, run, into, dlogits, dweights, weights, routes, logits, experts);
            return;
        }
        var job = new BackwardJob(
            into, dlogits.Data, dweights.Data, weights.Data, new RouteTable(routes, run.Rows), run.Rows, dlogits.Width);
        run.Cpu.For(RowTasks.Count(run.Rows, dlogits.Width), job);
        if (experts.Balance.IsOn)
            experts.Balance.Backward(run, dlogits.Data, logits.Data);
    }
}
