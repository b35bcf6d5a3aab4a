using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

public static unsafe partial class Residual
{
    private readonly struct AddJob(float* y, float* x, long count) : IMeasuredJob
    {
        public JobWork Work => new(0, 3.0 * count * sizeof(float));

        public void Execute(int task, int worker)
        {
            long begin = (long)task * RowTasks.Elements;
            int length = (int)Math.Min(count - begin, RowTasks.Elements);
            float* to = y + begin, from = x + begin;
            for (int i = 0; i < length; i += Lanes.Count)
                Lanes.Store(Lanes.Load(to + i, length - i) + Lanes.Load(from + i, length - i), to + i, length - i);
        }
    }

    private readonly struct SetJob(float* y, float* x, long count) : IMeasuredJob
    {
        public JobWork Work => new(0, 2.0 * count * sizeof(float));

        public void Execute(int task, int worker)
        {
            long begin = (long)task * RowTasks.Elements;
            int length = (int)Math.Min(count - begin, RowTasks.Elements);
            new Span<float>(x + begin, length).CopyTo(new Span<float>(y + begin, length));
        }
    }
}
