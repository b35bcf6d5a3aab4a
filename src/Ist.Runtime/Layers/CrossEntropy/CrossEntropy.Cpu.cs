using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

public static unsafe partial class CrossEntropy
{
    private static float Maximum(float* x, int count)
    {
        float maximum = float.NegativeInfinity;
        int i = 0;
        if (count >= Lanes.Count)
        {
            Vector512<float> lanes = Vector512.Load(x);
            for (i = Lanes.Count; i <= count - Lanes.Count; i += Lanes.Count)
                lanes = Vector512.Max(lanes, Vector512.Load(x + i));
            for (int lane = 0; lane < Lanes.Count; lane++)
                maximum = MathF.Max(maximum, lanes[lane]);
        }
        for (; i < count; i++)
            maximum = MathF.Max(maximum, x[i]);
        return maximum;
    }

    /// <summary>The sum of e^(x_i - maximum), added up in double.</summary>
    private static double SumOfExponentials(float* x, int count, float maximum)
    {
        Vector512<double> lower = Vector512<double>.Zero, upper = Vector512<double>.Zero;
        int i = 0;
        for (; i <= count - Lanes.Count; i += Lanes.Count)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.Exp(Vector512.Load(x + i) - Vector512.Create(maximum)));
            lower += low;
            upper += high;
        }
        double sum = Vector512.Sum(lower) + Vector512.Sum(upper);
        for (; i < count; i++)
            sum += Math.Exp(x[i] - maximum);
        return sum;
    }

    private readonly struct ForwardJob(float* losses, float* logits, int* targets, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            float* x = logits + (long)task * width;
            if (targets[task] < 0)
            {
                losses[task] = 0;
                return;
            }
            float maximum = Maximum(x, width);
            losses[task] = (float)(Math.Log(SumOfExponentials(x, width, maximum)) + maximum - x[targets[task]]);
        }
    }

    private readonly struct BackwardJob(float* logits, int* targets, int width, float scale) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            float* x = logits + (long)task * width;
            if (targets[task] < 0)
            {
                new Span<float>(x, width).Clear();
                return;
            }
            float maximum = Maximum(x, width);
            float factor = (float)(scale / SumOfExponentials(x, width, maximum));
            int i = 0;
            for (; i <= width - Lanes.Count; i += Lanes.Count)
                (Vector512.Exp(Vector512.Load(x + i) - Vector512.Create(maximum)) * Vector512.Create(factor)).Store(x + i);
            for (; i < width; i++)
                x[i] = MathF.Exp(x[i] - maximum) * factor;
            x[targets[task]] -= scale;
        }
    }
}
