using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

public static unsafe partial class RowSum
{
    private readonly struct AddJob(float alpha, float* y, float* b, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            Vector512<float> factor = Vector512.Create(alpha);
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
            {
                float* to = y + (long)row * width;
                for (int i = 0; i < width; i += Lanes.Count)
                    Lanes.Store(Vector512.FusedMultiplyAdd(factor, Lanes.Load(b + i, width - i), Lanes.Load(to + i, width - i)), to + i, width - i);
            }
        }
    }

    /// <summary>A task owns some columns and goes down all rows, so that no two write the same place.</summary>
    private readonly struct GradientJob(float alpha, float* db, float* dy, int rows, int width) : ICpuJob
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
                    sum += Lanes.Load(dy + (long)row * width + column, left);
                Lanes.Store(Lanes.Load(db + column, left) + Vector512.Create(alpha) * sum, db + column, left);
            }
        }
    }
}
