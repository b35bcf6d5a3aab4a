using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class ColumnScale
{
    private readonly struct ForwardJob(Into into, float* y, float* x, float* s, float strength, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            // s + (1 - strength) (1 - s), so that nothing is rounded where the strength is 1.
            Vector512<float> damping = Vector512.Create(1 - strength);
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
            {
                float* to = y + (long)row * width, from = x + (long)row * width;
                for (int i = 0; i < width; i += Lanes.Count)
                {
                    int left = width - i;
                    Vector512<float> scale = Lanes.Load(s + i, left);
                    scale = Vector512.FusedMultiplyAdd(damping, Vector512<float>.One - scale, scale);
                    Vector512<float> scaled = scale * Lanes.Load(from + i, left);
                    Lanes.Store(into == Into.Set ? scaled : Lanes.Load(to + i, left) + scaled, to + i, left);
                }
            }
        }
    }

    /// <summary>A task owns some columns and goes down all rows, so that no two write the same place.</summary>
    private readonly struct ScaleJob(Into into, float alpha, float* ds, float* dy, float* x, int rows, int width) : ICpuJob
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
                    sum = Vector512.FusedMultiplyAdd(Lanes.Load(dy + at, left), Lanes.Load(x + at, left), sum);
                }
                sum *= Vector512.Create(alpha);
                Lanes.Store(into == Into.Set ? sum : Lanes.Load(ds + column, left) + sum, ds + column, left);
            }
        }
    }
}
