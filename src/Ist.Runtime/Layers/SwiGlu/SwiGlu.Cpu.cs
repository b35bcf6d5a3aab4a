using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SwiGlu
{
    /// <summary>y = gate s up for some elements, within a task.</summary>
    internal static void Forward(float* y, float* gate, float* up, int count)
    {
        for (int i = 0; i < count; i += Lanes.Count)
        {
            int left = count - i;
            Vector512<float> g = Lanes.Load(gate + i, left);
            Lanes.Store(g * Exponential.Sigmoid(g, out _) * Lanes.Load(up + i, left), y + i, left);
        }
    }

    /// <summary>dgate and dup = or += their gradients for some elements, within a task.</summary>
    internal static void Backward(Into into, float* dgate, float* dup, float* dy, float* gate, float* up, int count)
    {
        for (int i = 0; i < count; i += Lanes.Count)
        {
            int left = count - i;
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

    private readonly struct ForwardJob(float* y, float* gate, float* up, long count) : IMeasuredJob
    {
        public JobWork Work => new(0, 3.0 * count * sizeof(float));

        public void Execute(int task, int worker)
        {
            long begin = (long)task * RowTasks.Elements;
            Forward(y + begin, gate + begin, up + begin, (int)Math.Min(count - begin, RowTasks.Elements));
        }
    }

    private readonly struct BackwardJob(Into into, float* dgate, float* dup, float* dy, float* gate, float* up, long count) : IMeasuredJob
    {
        public JobWork Work => new(0, (into == Into.Set ? 5.0 : 7.0) * count * sizeof(float));

        public void Execute(int task, int worker)
        {
            long begin = (long)task * RowTasks.Elements;
            Backward(into, dgate + begin, dup + begin, dy + begin, gate + begin, up + begin, (int)Math.Min(count - begin, RowTasks.Elements));
        }
    }
}
