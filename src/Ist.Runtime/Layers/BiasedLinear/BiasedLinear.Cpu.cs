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
}
