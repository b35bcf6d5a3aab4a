using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class PositionEmbedding
{
    private readonly struct ForwardJob(float* y, float* x, int* positions, void* table, DType dtype, int offset, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            long bytes = (long)width * dtype.BitSize / 8;
            for (int row = begin; row < end; row++)
            {
                float* to = y + (long)row * width, from = x + (long)row * width;
                FloatConverter.Widen(dtype, (byte*)table + (offset + positions[row]) * bytes, new Span<float>(to, width));
                for (int i = 0; i < width; i += Lanes.Count)
                    Lanes.Store(Lanes.Load(from + i, width - i) + Lanes.Load(to + i, width - i), to + i, width - i);
            }
        }
    }
}
