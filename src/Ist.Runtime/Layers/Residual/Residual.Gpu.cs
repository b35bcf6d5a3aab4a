using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Residual
{
    private static void Put(IlgpuDevice gpu, Into into, float* y, float* x, long count) => gpu.For(
        Quads.Groups(count), Quads.ElementThreads, new GpuPut((int)into, gpu.Values(y, count), gpu.Values(x, count), count, Quads.Align((long)y | (long)x)));

    /// <summary>y = or += x.</summary>
    internal readonly struct GpuPut(int into, Values y, Values x, long count, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long at = Quads.Element;
            if (at >= count)
                return;
            int left = (int)IntrinsicMath.Min(4, count - at);
            bool whole = aligned != 0 && left == 4;
            Quads.Put(Quads.Load(x, at, left, whole), into == (int)Into.Add, y, at, left, whole);
        }
    }
}
