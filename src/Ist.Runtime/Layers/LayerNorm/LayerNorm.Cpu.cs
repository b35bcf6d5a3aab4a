using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class LayerNorm
{
    // F32 vectors are read where they are; others are widened once a task.
    private static float* Widen(void* vector, DType dtype, float* scratch, int width)
    {
        if (dtype == DType.F32)
            return (float*)vector;
        FloatConverter.Widen(dtype, vector, new Span<float>(scratch, width));
        return scratch;
    }

    private readonly struct ForwardJob(
        float** scratches, float* y, float* mean, float* rstd, float* x, void* weight, DType weightType, void* bias, DType biasType,
        float epsilon, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            float* w = Widen(weight, weightType, scratches[worker], width), b = Widen(bias, biasType, scratches[worker] + width, width);
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
                Row(y + (long)row * width, mean + row, rstd + row, x + (long)row * width, w, b);
        }

        private void Row(float* to, float* m, float* r, float* from, float* w, float* b)
        {
            Vector512<float> sum = Vector512<float>.Zero, squares = Vector512<float>.Zero;
            for (int i = 0; i < width; i += Lanes.Count)
                sum += Lanes.Load(from + i, width - i);
            *m = Lanes.Sum(sum) / width;
            Vector512<float> mean = Vector512.Create(*m);
            int whole = width / Lanes.Count * Lanes.Count;
            for (int i = 0; i < whole; i += Lanes.Count)
            {
                Vector512<float> value = Vector512.Load(from + i) - mean;
                squares = Vector512.FusedMultiplyAdd(value, value, squares);
            }
            // The lanes beyond the row's end hold zero, which the mean would be subtracted from.
            float rest = 0;
            for (int i = whole; i < width; i++)
                rest = MathF.FusedMultiplyAdd(from[i] - *m, from[i] - *m, rest);
            *r = 1 / MathF.Sqrt((Lanes.Sum(squares) + rest) / width + epsilon);
            Vector512<float> scale = Vector512.Create(*r);
            for (int i = 0; i < width; i += Lanes.Count)
            {
                int left = width - i;
                Vector512<float> n = (Lanes.Load(from + i, left) - mean) * scale;
                Lanes.Store(Vector512.FusedMultiplyAdd(Lanes.Load(w + i, left), n, Lanes.Load(b + i, left)), to + i, left);
            }
        }
    }

    private readonly struct BackwardJob(
        float** scratches, Into into, float* dx, float* dy, float* x, float* mean, float* rstd, void* weight, DType dtype, int rows, int width)
        : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            float* w = Widen(weight, dtype, scratches[worker], width);
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
                Row(dx + (long)row * width, dy + (long)row * width, x + (long)row * width, mean[row], rstd[row], w);
        }

        private void Row(float* dx, float* dy, float* x, float m, float r, float* w)
        {
            Vector512<float> center = Vector512.Create(m), scale = Vector512.Create(r), sum = Vector512<float>.Zero, dot = Vector512<float>.Zero;
            for (int i = 0; i < width; i += Lanes.Count)
            {
                int left = width - i;
                Vector512<float> g = Lanes.Load(w + i, left) * Lanes.Load(dy + i, left);
                sum += g;
                dot = Vector512.FusedMultiplyAdd(g, Lanes.Load(x + i, left) - center, dot);
            }
            // n mean(g n) = (x - mean) rstd^2 mean(g (x - mean))
            Vector512<float> along = Vector512.Create(-(Lanes.Sum(dot) / width * r * r)), shift = Vector512.Create(Lanes.Sum(sum) / width);
            for (int i = 0; i < width; i += Lanes.Count)
            {
                int left = width - i;
                Vector512<float> g = Lanes.Load(w + i, left) * Lanes.Load(dy + i, left);
                Vector512<float> share = scale * Vector512.FusedMultiplyAdd(Lanes.Load(x + i, left) - center, along, g - shift);
                Lanes.Store(into == Into.Set ? share : Lanes.Load(dx + i, left) + share, dx + i, left);
            }
        }
    }

    /// <summary>A task owns some columns and goes down all rows, so that no two write the same place.</summary>
    private readonly struct WeightJob(float* dw, float* dy, float* x, float* mean, float* rstd, int rows, int width) : ICpuJob
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
                    Vector512<float> n = (Lanes.Load(x + at, left) - Vector512.Create(mean[row])) * Vector512.Create(rstd[row]);
                    sum = Vector512.FusedMultiplyAdd(Lanes.Load(dy + at, left), n, sum);
                }
                Lanes.Store(Lanes.Load(dw + column, left) + sum, dw + column, left);
            }
        }
    }
}
