using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class RmsNorm
{
    // F32 weights are read where they are; others, and those with an offset, are copied once a task.
    private static float* Factors(void* weight, DType dtype, float offset, float* scratch, int width)
    {
        if (dtype == DType.F32 && offset == 0)
            return (float*)weight;
        FloatConverter.Widen(dtype, weight, new Span<float>(scratch, width));
        if (offset == 0)
            return scratch;
        Vector512<float> added = Vector512.Create(offset);
        for (int i = 0; i < width; i += Lanes.Count)
            Lanes.Store(Lanes.Load(scratch + i, width - i) + added, scratch + i, width - i);
        return scratch;
    }

    private readonly struct ForwardJob(
        float** scratches, float* y, float* rstd, float* x, void* weight, DType dtype, float offset, float epsilon, int rows, int width) : IMeasuredJob
    {
        public JobWork Work => new(0, 2.0 * rows * width * sizeof(float));

        public void Execute(int task, int worker)
        {
            float* w = Factors(weight, dtype, offset, scratches[worker], width);
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
                Row(y + (long)row * width, rstd + row, x + (long)row * width, w);
        }

        private void Row(float* to, float* r, float* from, float* w)
        {
            Vector512<float> squares = Vector512<float>.Zero;
            for (int i = 0; i < width; i += Lanes.Count)
            {
                Vector512<float> value = Lanes.Load(from + i, width - i);
                squares = Vector512.FusedMultiplyAdd(value, value, squares);
            }
            *r = 1 / MathF.Sqrt(Lanes.Sum(squares) / width + epsilon);
            Vector512<float> scale = Vector512.Create(*r);
            for (int i = 0; i < width; i += Lanes.Count)
                Lanes.Store(Lanes.Load(w + i, width - i) * (Lanes.Load(from + i, width - i) * scale), to + i, width - i);
        }
    }

    private readonly struct BackwardJob(
        float** scratches, Into into, float* dx, float* dy, float* x, float* rstd, void* weight, DType dtype, float offset, int rows, int width) : IMeasuredJob
    {
        public JobWork Work => new(0, (into == Into.Set ? 3.0 : 4.0) * rows * width * sizeof(float));

        public void Execute(int task, int worker)
        {
            float* w = Factors(weight, dtype, offset, scratches[worker], width);
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
                Row(dx + (long)row * width, dy + (long)row * width, x + (long)row * width, rstd[row], w);
        }

        private void Row(float* dx, float* dy, float* x, float r, float* w)
        {
            Vector512<float> dot = Vector512<float>.Zero;
            for (int i = 0; i < width; i += Lanes.Count)
            {
                Vector512<float> g = Lanes.Load(w + i, width - i) * Lanes.Load(dy + i, width - i);
                dot = Vector512.FusedMultiplyAdd(g, Lanes.Load(x + i, width - i), dot);
            }
            // n mean(g n) = x rstd^2 mean(g x)
            Vector512<float> mean = Vector512.Create(-(Lanes.Sum(dot) / width * r * r)), scale = Vector512.Create(r);
            for (int i = 0; i < width; i += Lanes.Count)
            {
                int left = width - i;
                Vector512<float> g = Lanes.Load(w + i, left) * Lanes.Load(dy + i, left);
                Vector512<float> share = scale * Vector512.FusedMultiplyAdd(Lanes.Load(x + i, left), mean, g);
                Lanes.Store(into == Into.Set ? share : Lanes.Load(dx + i, left) + share, dx + i, left);
            }
        }
    }

    /// <summary>A task owns some columns and goes down all rows, so that no two write the same place.</summary>
    private readonly struct WeightsJob(float* dw, float* dy, float* x, float* rstd, int rows, int width) : ICpuJob
    {
        private const int Columns = 4 * Lanes.Count;

        public int Tasks => (width + Columns - 1) / Columns;

        public void Execute(int task, int worker)
        {
            int end = Math.Min(width, (task + 1) * Columns);
            for (int column = task * Columns; column < end; column += Lanes.Count)
            {
                int left = end - column;
                Vector512<float> sum = Vector512<float>.Zero;
                for (int row = 0; row < rows; row++)
                {
                    long at = (long)row * width + column;
                    sum = Vector512.FusedMultiplyAdd(Lanes.Load(dy + at, left), Lanes.Load(x + at, left) * Vector512.Create(rstd[row]), sum);
                }
                Lanes.Store(Lanes.Load(dw + column, left) + sum, dw + column, left);
            }
        }
    }
}
