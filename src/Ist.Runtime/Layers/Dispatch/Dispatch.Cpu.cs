using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Dispatch
{
    private readonly struct ForwardJob(float* y, float* x, RouteTable table, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(table.Count, begin + RowTasks.RowsOf(width));
            for (int place = begin; place < end; place++)
            {
                int row = table.Choices[place] / table.PerRow;
                new Span<float>(x + (long)row * width, width).CopyTo(new Span<float>(y + (long)place * width, width));
            }
        }
    }

    private readonly struct BackwardJob(Into into, float* dx, float* dy, RouteTable table, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
            {
                float* to = dx + (long)row * width;
                int* places = table.Places + (long)row * table.PerRow;
                for (int i = 0; i < width; i += Lanes.Count)
                {
                    int left = width - i;
                    Vector512<float> sum = into == Into.Set ? Vector512<float>.Zero : Lanes.Load(to + i, left);
                    for (int j = 0; j < table.PerRow; j++)
                        sum += Lanes.Load(dy + (long)places[j] * width + i, left);
                    Lanes.Store(sum, to + i, left);
                }
            }
        }
    }
}
