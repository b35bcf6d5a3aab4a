using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class FusedSwiGlu
{
    private readonly struct ForwardJob(float* y, float* x, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
            {
                float* gate = x + 2L * row * width;
                SwiGlu.Forward(y + (long)row * width, gate, gate + width, width);
            }
        }
    }

    private readonly struct BackwardJob(Into into, float* dx, float* dy, float* x, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
            {
                float* gate = x + 2L * row * width, dgate = dx + 2L * row * width;
                SwiGlu.Backward(into, dgate, dgate + width, dy + (long)row * width, gate, gate + width, width);
            }
        }
    }
}
