using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

public static unsafe partial class Sum
{
    private readonly struct ForwardJob(float* y, float* a, float* b, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            long end = Math.Min(count, (long)(task + 1) * RowTasks.Elements);
            for (long i = (long)task * RowTasks.Elements; i < end; i += Lanes.Count)
            {
                int left = (int)(end - i);
                Lanes.Store(Lanes.Load(a + i, left) + Lanes.Load(b + i, left), y + i, left);
            }
        }
    }
}
