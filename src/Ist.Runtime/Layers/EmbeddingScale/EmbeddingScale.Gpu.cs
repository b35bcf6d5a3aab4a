using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class EmbeddingScale
{
    private static void Scale(IlgpuDevice gpu, Into into, float* to, float* from, float factor, long count) => gpu.For(
        Quads.Groups(count), Quads.ElementThreads,
        new GpuScale((int)into, gpu.Values(to, count), gpu.Values(from, count), factor, count, Quads.Align((long)to | (long)from)));

    /// <summary>to = or += factor from.</summary>
    internal readonly struct GpuScale(int into, Values to, Values from, float factor, long count, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long at = Quads.Element;
            if (at >= count)
                return;
            int left = (int)IntrinsicMath.Min(4, count - at);
            bool whole = aligned != 0 && left == 4;
            Quads.Put(Quads.Load(from, at, left, whole) * factor, into == (int)Into.Add, to, at, left, whole);
        }
    }
}
