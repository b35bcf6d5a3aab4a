using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Activation
{
    private readonly struct ForwardJob<F>(float* y, float* x, long count) : ICpuJob where F : struct, ILaneFunction
    {
        public void Execute(int task, int worker)
        {
            long end = Math.Min(count, (long)(task + 1) * RowTasks.Elements);
            for (long i = (long)task * RowTasks.Elements; i < end; i += Lanes.Count)
            {
                int left = (int)(end - i);
                Lanes.Store(F.Value(Lanes.Load(x + i, left)), y + i, left);
            }
        }
    }

    private readonly struct BackwardJob<F>(Into into, float* dx, float* dy, float* x, long count) : ICpuJob where F : struct, ILaneFunction
    {
        public void Execute(int task, int worker)
        {
            long end = Math.Min(count, (long)(task + 1) * RowTasks.Elements);
            for (long i = (long)task * RowTasks.Elements; i < end; i += Lanes.Count)
            {
                int left = (int)(end - i);
                Vector512<float> share = F.Slope(Lanes.Load(x + i, left)) * Lanes.Load(dy + i, left);
                Lanes.Store(into == Into.Set ? share : Lanes.Load(dx + i, left) + share, dx + i, left);
            }
        }
    }
}
