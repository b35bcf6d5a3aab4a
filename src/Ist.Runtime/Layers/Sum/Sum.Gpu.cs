using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class Sum
{
    private static void Forward(IlgpuDevice gpu, float* y, float* a, float* b, long count) => gpu.For(
        Quads.Groups(count), Quads.ElementThreads,
        new GpuForward(gpu.Values(y, count), gpu.Values(a, count), gpu.Values(b, count), count, Quads.Align((long)y | (long)a | (long)b)));

    /// <summary>y = a + b.</summary>
    internal readonly struct GpuForward(Values y, Values a, Values b, long count, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long at = Quads.Element;
            if (at >= count)
                return;
            int left = (int)IntrinsicMath.Min(4, count - at);
            bool whole = aligned != 0 && left == 4;
            Quads.Store(Quads.Load(a, at, left, whole) + Quads.Load(b, at, left, whole), y, at, left, whole);
        }
    }
}
