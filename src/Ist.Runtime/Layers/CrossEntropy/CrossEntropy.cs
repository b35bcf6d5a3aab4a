using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// The loss of next-token prediction: for each row with a target, log(sum over v of e^(z_v)) - z_target; 0 where the target is
/// -100. Its gradient, softmax(z) - onehot(target), takes the logits' own place, so nothing else of their size is ever held.
/// </summary>
public static unsafe partial class CrossEntropy
{
    /// <summary>losses = the loss of each row; the logits are left as they are.</summary>
    public static void Forward(Run run, Act<One> losses, Act<Vocab> logits) =>
        run.Cpu.For(run.Rows, new ForwardJob(losses.Data, logits.Data, run.Batch.Targets, logits.Width));

    /// <summary>logits = scale times the gradient of the summed losses by them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="logits">[rows, vocab].</param>
    /// <param name="scale">One over the trained tokens of all micro-batches of the step, for a gradient of their mean.</param>
    public static void Backward(Run run, Act<Vocab> logits, float scale) =>
        run.Cpu.For(run.Rows, new BackwardJob(logits.Data, run.Batch.Targets, logits.Width, scale));

    /// <summary>The sum of the rows' losses, in the order of rows.</summary>
    public static double Sum(Run run, Act<One> losses)
    {
        double sum = 0;
        foreach (float loss in losses.Rows(run.Rows))
            sum += loss;
        return sum;
    }
}
