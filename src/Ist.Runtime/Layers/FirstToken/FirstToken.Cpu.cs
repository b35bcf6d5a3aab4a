using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

public static unsafe partial class FirstToken
{
    private readonly struct ForwardJob(float* y, float* x, int* start, int time, int sequences, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(sequences, begin + RowTasks.RowsOf(width));
            for (int s = begin; s < end; s++)
                new Span<float>(x + ((long)s * time + start[s]) * width, width).CopyTo(new Span<float>(y + (long)s * width, width));
        }
    }

    private readonly struct BackwardJob(float* dx, float* dy, int* start, int time, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
            {
                (int sequence, int t) = Math.DivRem(row, time);
                var to = new Span<float>(dx + (long)row * width, width);
                if (t == start[sequence])
                    new Span<float>(dy + (long)sequence * width, width).CopyTo(to);
                else
                    to.Clear();
            }
        }
    }
}
