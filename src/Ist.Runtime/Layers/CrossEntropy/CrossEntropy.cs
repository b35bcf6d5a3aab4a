using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// The loss of next-token prediction and of classification: loss[row] = log(sum of e^logits) - logits[target], and 0 where the target is
/// <see cref="Batch.Ignored"/>. Its gradient, scale (softmax(logits) - one-hot(target)), takes the place of the logits, so there
/// is never a second buffer of their size. Rows may be those of a tile (<see cref="Run.Tile"/>). The sums of exponentials are made in double precision.
/// </summary>
public static unsafe partial class CrossEntropy
{
    /// <summary>The losses; the logits are left as they are.</summary>
    /// <param name="run">The run, which has the targets.</param>
    /// <param name="losses">Receives each row's loss in nats, [rows].</param>
    /// <param name="logits">The logits, [rows, classes].</param>
    /// <exception cref="InputException">A target is no class.</exception>
    public static void Forward<W>(Run run, Act<One> losses, Act<W> logits) where W : IWidth => Start(run, losses.Data, logits, null);

    /// <summary>Losses and gradient in one pass over the logits, which the gradient takes the place of; ignored rows become zero.</summary>
    /// <param name="run">The run, which has the targets.</param>
    /// <param name="losses">Receives each row's loss in nats, [rows].</param>
    /// <param name="logits">The logits, which become the gradient by them, [rows, classes].</param>
    /// <param name="scale">1 / the trained tokens of all micro-batches of the step.</param>
    /// <exception cref="InputException">A target is no class.</exception>
    public static void ForwardBackward<W>(Run run, Act<One> losses, Act<W> logits, float scale) where W : IWidth => Start(run, losses.Data, logits, &scale);

    /// <summary>The sum of the batch's losses, row by row in double precision.</summary>
    public static double Sum(Run run, Act<One> losses)
    {
        if (run.Gpu is { } gpu)
            return Sum(gpu, losses.Data, run.Rows);
        double sum = 0;
        for (int row = 0; row < run.Rows; row++)
            sum += losses.Data[row];
        return sum;
    }

    private static void Start<W>(Run run, float* losses, Act<W> logits, float* scale) where W : IWidth
    {
        int* targets = run.Targets;
        for (int row = 0; row < run.Rows; row++)
        {
            if (targets[row] != Batch.Ignored && (uint)targets[row] >= (uint)logits.Width)
            {
                throw new InputException(
                    $"Row {run.FirstRow + row} of a batch has the target {targets[row]}, but the model tells {logits.Width} classes or tokens apart; use the tokenizer and the labels of this model.");
            }
        }
        if (run.Gpu is { } gpu)
        {
            Start(gpu, losses, logits.Data, gpu.Mirror(run.Batch, targets), scale, run.Rows, logits.Width);
            return;
        }
        var job = new Job(losses, logits.Data, targets, scale is null ? 0 : *scale, scale is not null, run.Rows, logits.Width);
        run.Cpu.For(RowTasks.Count(run.Rows, logits.Width), job);
    }
}
