using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class GeGlu
{
    private const float Linear = 1.5957691216f; // 2 sqrt(2 / pi)
    private const float Cubic = 0.044715f * Linear;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sigmoid(Vector512<float> z, Vector512<float> square, out Vector512<float> complement) =>
        Exponential.Sigmoid(z * Vector512.FusedMultiplyAdd(square, Vector512.Create(Cubic), Vector512.Create(Linear)), out complement);

    private readonly struct ForwardJob(float* y, float* gate, float* up, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            long end = Math.Min(count, (long)(task + 1) * RowTasks.Elements);
            for (long i = (long)task * RowTasks.Elements; i < end; i += Lanes.Count)
            {
                int left = (int)(end - i);
                Vector512<float> z = Lanes.Load(gate + i, left);
                Lanes.Store(z * Sigmoid(z, z * z, out _) * Lanes.Load(up + i, left), y + i, left);
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
                Vector512<float> z = Lanes.Load(gate + i, left), d = Lanes.Load(dy + i, left), square = z * z;
                Vector512<float> s = Sigmoid(z, square, out Vector512<float> t);
                Vector512<float> inner = Vector512.FusedMultiplyAdd(square, Vector512.Create(3 * Cubic), Vector512.Create(Linear));
                Vector512<float> slope = Vector512.FusedMultiplyAdd(z * (s * t), inner, s);
                Vector512<float> byGate = d * Lanes.Load(up + i, left) * slope, byUp = d * (z * s);
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
