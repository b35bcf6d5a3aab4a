using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SwiGlu
{
    private readonly struct ForwardJob(float* y, float* gate, float* up, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            long end = Math.Min(count, (long)(task + 1) * RowTasks.Elements);
            for (long i = (long)task * RowTasks.Elements; i < end; i += Lanes.Count)
            {
                int left = (int)(end - i);
                Vector512<float> g = Lanes.Load(gate + i, left);
                Lanes.Store(g * Exponential.Sigmoid(g, out _) * Lanes.Load(up + i, left), y + i, left);
            }
        }
    }

    private readonly struct BackwardJob(Into into, float* dgate, float* dup, float* dy, float* gate, float* up, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            long end = Math.Min(count, (long)(task + 1) * RowTasks.Elements);
            for (long i = (long)task * RowTasks.Elements; i < end; i += Lanes.Count)
            {
                int left = (int)(end - i);
                Vector512<float> g = Lanes.Load(gate + i, left), d = Lanes.Load(dy + i, left), s = Exponential.Sigmoid(g, out Vector512<float> t);
                Vector512<float> slope = s * Vector512.FusedMultiplyAdd(g, t, Vector512<float>.One);
                Vector512<float> byGate = d * Lanes.Load(up + i, left) * slope, byUp = d * (g * s);
                if (into == Into.Add)
                {
                    byGate += Lanes.Load(dgate + i, left);
                    byUp += Lanes.Load(dup + i, left);
                }
                Lanes.Store(byGate, dgate + i, left);
                Lanes.Store(byUp, dup + i, left);
            }
        }
    }
}
