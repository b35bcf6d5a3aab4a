using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SwiGlu
{
    private const int ElementsPerTask = 8192;

    private static int Tasks(Run run, int width) => checked((int)(((long)run.Rows * width + ElementsPerTask - 1) / ElementsPerTask));

    private static Vector512<float> Sigmoid(Vector512<float> z) => Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(-z));

    private readonly struct ForwardJob(float* y, float* gate, float* up, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            long end = Math.Min(count, (task + 1L) * ElementsPerTask), i = (long)task * ElementsPerTask;
            for (; i <= end - Lanes.Count; i += Lanes.Count)
            {
                Vector512<float> z = Vector512.Load(gate + i);
                (z * Sigmoid(z) * Vector512.Load(up + i)).Store(y + i);
            }
            for (; i < end; i++)
                y[i] = gate[i] * Sigmoid(Vector512.Create(gate[i]))[0] * up[i];
        }
    }

    private readonly struct BackwardJob(Into into, float* dgate, float* dup, float* dy, float* gate, float* up, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            long end = Math.Min(count, (task + 1L) * ElementsPerTask), i = (long)task * ElementsPerTask;
            for (; i <= end - Lanes.Count; i += Lanes.Count)
            {
                Gradients(Vector512.Load(dy + i), Vector512.Load(gate + i), Vector512.Load(up + i), out Vector512<float> g, out Vector512<float> u);
                (into == Into.Set ? g : Vector512.Load(dgate + i) + g).Store(dgate + i);
                (into == Into.Set ? u : Vector512.Load(dup + i) + u).Store(dup + i);
            }
            for (; i < end; i++)
            {
                Gradients(Vector512.Create(dy[i]), Vector512.Create(gate[i]), Vector512.Create(up[i]), out Vector512<float> g, out Vector512<float> u);
                dgate[i] = into == Into.Set ? g[0] : dgate[i] + g[0];
                dup[i] = into == Into.Set ? u[0] : dup[i] + u[0];
            }
        }

        private static void Gradients(
            Vector512<float> d, Vector512<float> z, Vector512<float> up, out Vector512<float> dgate, out Vector512<float> dup)
        {
            Vector512<float> s = Sigmoid(z);
            dup = d * z * s;
            dgate = d * up * s * (Vector512<float>.One + z * (Vector512<float>.One - s));
        }
    }
}
