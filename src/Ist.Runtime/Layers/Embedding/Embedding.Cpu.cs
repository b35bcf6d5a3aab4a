using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Embedding
{
    private readonly struct ForwardJob(float* y, int* ids, void* table, DType dtype, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            long bytes = (long)width * (dtype == DType.F32 ? 4 : 2);
            for (int row = begin; row < end; row++)
                FloatConverter.Widen(dtype, (byte*)table + ids[row] * bytes, new Span<float>(y + (long)row * width, width));
        }
    }

    private readonly struct AddJob(float* y, float* x, int* ids, void* table, DType dtype, int offset, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            long bytes = (long)width * dtype.BitSize / 8;
            for (int row = begin; row < end; row++)
            {
                float* to = y + (long)row * width, from = x + (long)row * width;
                FloatConverter.Widen(dtype, (byte*)table + (offset + ids[row]) * bytes, new Span<float>(to, width));
                for (int i = 0; i < width; i += Lanes.Count)
                    Lanes.Store(Lanes.Load(from + i, width - i) + Lanes.Load(to + i, width - i), to + i, width - i);
            }
        }
    }

    /// <summary>A task owns some columns of the table and takes all rows in order, so equal ids add up in a fixed order.</summary>
    private readonly struct WeightsJob(float* dtable, float* dy, int* ids, int rows, int width) : ICpuJob
    {
        private const int Columns = 4 * Lanes.Count;

        public int Tasks => (width + Columns - 1) / Columns;

        public void Execute(int task, int worker)
        {
            int first = task * Columns, end = Math.Min(width, first + Columns);
            for (int row = 0; row < rows; row++)
            {
                float* to = dtable + (long)ids[row] * width, from = dy + (long)row * width;
                for (int i = first; i < end; i += Lanes.Count)
                    Lanes.Store(Lanes.Load(to + i, end - i) + Lanes.Load(from + i, end - i), to + i, end - i);
            }
        }
    }
}
