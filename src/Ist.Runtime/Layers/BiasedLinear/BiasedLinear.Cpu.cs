using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class BiasedLinear
{
    private readonly struct FillJob(float* y, void* bias, DType dtype, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            var first = new Span<float>(y + (long)begin * width, width);
            FloatConverter.Widen(dtype, bias, first);
            for (int row = begin + 1; row < end; row++)
                first.CopyTo(new Span<float>(y + (long)row * width, width));
        }
    }

    /// <summary>A task owns some columns and goes down all rows, so that no two write the same place.</summary>
    private readonly struct GradientJob(float* db, float* dy, int rows, int width) : ICpuJob
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
                Lanes.Store(Lanes.Load(db + column, left) + sum, db + column, left);
            }
        }
    }
}
