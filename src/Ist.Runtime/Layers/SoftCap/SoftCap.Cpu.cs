using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftCap
{
    private readonly struct ForwardJob(float* y, float* x, float cap, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            Vector512<float> most = Vector512.Create(cap);
            long end = Math.Min(count, (long)(task + 1) * RowTasks.Elements);
            for (long i = (long)task * RowTasks.Elements; i < end; i += Lanes.Count)
            {
                int left = (int)(end - i);
                Lanes.Store(most * HyperbolicTangent.Tanh(Lanes.Load(x + i, left) / most), y + i, left);
            }
        }
    }

    private readonly struct BackwardJob(Into into, float* dx, float* dy, float* x, float cap, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            Vector512<float> most = Vector512.Create(cap);
            long end = Math.Min(count, (long)(task + 1) * RowTasks.Elements);
            for (long i = (long)task * RowTasks.Elements; i < end; i += Lanes.Count)
            {
                int left = (int)(end - i);
                Vector512<float> t = HyperbolicTangent.Tanh(Lanes.Load(x + i, left) / most);
                Vector512<float> share = Lanes.Load(dy + i, left) * ((Vector512<float>.One - t) * (Vector512<float>.One + t));
                Lanes.Store(into == Into.Set ? share : Lanes.Load(dx + i, left) + share, dx + i, left);
            }
        }
    }
}
