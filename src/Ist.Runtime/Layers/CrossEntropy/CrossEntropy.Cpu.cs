using System.Runtime.Intrinsics;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

public static unsafe partial class CrossEntropy
{
    private readonly struct Job(float* losses, float* logits, int* targets, float scale, bool replaces, int rows, int width) : IMeasuredJob
    {
        public JobWork Work => new(0, (replaces ? 2.0 : 1.0) * rows * width * sizeof(float));

        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
                Row(row, logits + (long)row * width);
        }

        private void Row(int row, float* x)
        {
            int target = targets[row];
            if (target == Batch.Ignored)
            {
                losses[row] = 0;
                if (replaces)
                    new Span<float>(x, width).Clear();
                return;
            }
            float max = Lanes.Max(x, width), chosen = x[target];
            double sum = replaces ? ReplaceByExponentials(x, max) : SumOfExponentials(x, max);
            losses[row] = (float)(max - (double)chosen + Math.Log(sum));
            if (replaces)
                ReplaceByGradient(x, (float)(scale / sum), target);
        }

        private double SumOfExponentials(float* x, float max)
        {
            Vector512<double> lower = Vector512<double>.Zero, upper = Vector512<double>.Zero;
            Vector512<float> shift = Vector512.Create(max);
            int i = 0;
            for (; i <= width - Lanes.Count; i += Lanes.Count)
                Count(Exponential.Exp(Vector512.Load(x + i) - shift), ref lower, ref upper);
            if (i < width)
                Count(Rest(x + i, width - i, shift), ref lower, ref upper);
            return Lanes.Sum(lower + upper);
        }

        private double ReplaceByExponentials(float* x, float max)
        {
            Vector512<double> lower = Vector512<double>.Zero, upper = Vector512<double>.Zero;
            Vector512<float> shift = Vector512.Create(max);
            int i = 0;
            for (; i <= width - Lanes.Count; i += Lanes.Count)
            {
                Vector512<float> e = Exponential.Exp(Vector512.Load(x + i) - shift);
                e.Store(x + i);
                Count(e, ref lower, ref upper);
            }
            if (i < width)
            {
                Vector512<float> e = Rest(x + i, width - i, shift);
                Lanes.Store(e, x + i, width - i);
                Count(e, ref lower, ref upper);
            }
            return Lanes.Sum(lower + upper);
        }

        private void ReplaceByGradient(float* e, float factor, int target)
        {
            Vector512<float> times = Vector512.Create(factor);
            for (int i = 0; i < width; i += Lanes.Count)
                Lanes.Store(Lanes.Load(e + i, width - i) * times, e + i, width - i);
            e[target] -= scale;
        }

        private static void Count(Vector512<float> e, ref Vector512<double> lower, ref Vector512<double> upper)
        {
            lower += Vector512.WidenLower(e);
            upper += Vector512.WidenUpper(e);
        }

        // Lanes beyond the row's end count nothing.
        private static Vector512<float> Rest(float* x, int left, Vector512<float> shift)
        {
            Vector512<float> inside = Vector512.LessThan(Vector512.CreateSequence(0f, 1f), Vector512.Create((float)left));
            return Vector512.ConditionalSelect(inside, Exponential.Exp(Lanes.Load(x, left) - shift), Vector512<float>.Zero);
        }
    }
}
