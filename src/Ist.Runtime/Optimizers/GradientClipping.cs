using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Optimizers;

/// <summary>
/// Clipping by the global norm, as <c>torch.nn.utils.clip_grad_norm_</c>: when the L2 norm of all gradients together is larger
/// than the limit, all are multiplied by limit / (norm + 1e-6). The norm is summed in double precision in a fixed order.
/// </summary>
public static unsafe partial class GradientClipping
{
    private const int Elements = 16384;

    /// <summary>Measures, and clips where needed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="active">The parameters that this step trains; the gradients of others do not count.</param>
    /// <param name="maxNorm">The limit; 0 or less only measures.</param>
    /// <returns>The norm before clipping. Where it is not finite the gradients are left as they are.</returns>
    public static double Clip(Run run, ReadOnlySpan<Parameter> active, double maxNorm)
    {
        double norm = Math.Sqrt(SumOfSquares(run, active));
        float factor = (float)(maxNorm / (norm + 1e-6));
        if (maxNorm > 0 && double.IsFinite(norm) && factor < 1)
            Scale(run, active, factor);
        return norm;
    }

    /// <summary>The root mean square of gradients, ||g|| / sqrt(n) for n numbers, summed like the norm; 0 where there are none.</summary>
    public static double RootMeanSquare(Run run, ReadOnlySpan<Parameter> parameters)
    {
        long count = 0;
        foreach (Parameter parameter in parameters)
            count += parameter.Count;
        return count == 0 ? 0 : Math.Sqrt(SumOfSquares(run, parameters) / count);
    }

    private static double SumOfSquares(Run run, ReadOnlySpan<Parameter> parameters) =>
        run.Gpu is { } gpu ? gpu.Gradients.SumOfSquares(parameters) : SumOfSquares(run.Cpu, parameters);

    private static double SumOfSquares(CpuDevice cpu, ReadOnlySpan<Parameter> active)
    {
        var pieces = new PieceList(cpu);
        double sum = 0;
        foreach (Parameter parameter in active)
        {
            for (long at = 0; at < parameter.Count; at += Elements)
            {
                if (pieces.IsFull)
                    sum += pieces.SumOfSquares();
                pieces.Add(parameter.Gradient + at, (int)Math.Min(Elements, parameter.Count - at));
            }
        }
        return sum + pieces.SumOfSquares();
    }

    private static void Scale(Run run, ReadOnlySpan<Parameter> active, float factor)
    {
        if (run.Gpu is { } gpu)
        {
            gpu.Gradients.Scale(active, factor);
            return;
        }
        var pieces = new PieceList(run.Cpu);
        foreach (Parameter parameter in active)
        {
            for (long at = 0; at < parameter.Count; at += Elements)
            {
                if (pieces.IsFull)
                    pieces.Scale(factor);
                pieces.Add(parameter.Gradient + at, (int)Math.Min(Elements, parameter.Count - at));
            }
        }
        pieces.Scale(factor);
    }
}
