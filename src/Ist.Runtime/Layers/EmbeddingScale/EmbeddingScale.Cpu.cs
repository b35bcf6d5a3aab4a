using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class EmbeddingScale
{
    private readonly struct ScaleJob(Into into, float* to, float* from, float factor, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            Vector512<float> times = Vector512.Create(factor);
            long end = Math.Min(count, (long)(task + 1) * RowTasks.Elements);
            for (long i = (long)task * RowTasks.Elements; i < end; i += Lanes.Count)
            {
                int left = (int)(end - i);
                Vector512<float> scaled = times * Lanes.Load(from + i, left);
                Lanes.Store(into == Into.Set ? scaled : Lanes.Load(to + i, left) + scaled, to + i, left);
            }
        }
    }
}
