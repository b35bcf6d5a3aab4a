using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftCap
{
    private static void Forward(IlgpuDevice gpu, float* y, float* x, float cap, long count) => gpu.For(
        Quads.Groups(count), Quads.ElementThreads, new GpuForward(gpu.Values(y, count), gpu.Values(x, count), cap, count, Quads.Align((long)y | (long)x)));

    private static void Backward(IlgpuDevice gpu, Into into, float* dx, float* dy, float* x, float cap, long count) => gpu.For(
        Quads.Groups(count), Quads.ElementThreads, new GpuBackward(
            (int)into, gpu.Values(dx, count), gpu.Values(dy, count), gpu.Values(x, count), cap, count, Quads.Align((long)dx | (long)dy | (long)x)));

    /// <summary>y = cap t.</summary>
    internal readonly struct GpuForward(Values y, Values x, float cap, long count, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long at = Quads.Element;
            if (at >= count)
                return;
            int left = (int)IntrinsicMath.Min(4, count - at);
            bool whole = aligned != 0 && left == 4;
            Quads.Store(Tanh(Quads.Load(x, at, left, whole), cap) * cap, y, at, left, whole);
        }
    }

    /// <summary>dx = or += dy (1 - t^2).</summary>
    internal readonly struct GpuBackward(
        int into, Values dx, Values dy, Values x, float cap, long count, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long at = Quads.Element;
            if (at >= count)
                return;
            int left = (int)IntrinsicMath.Min(4, count - at);
            bool whole = aligned != 0 && left == 4;
            Quad t = Tanh(Quads.Load(x, at, left, whole), cap), one = Quad.Of(1);
            Quads.Put(Quads.Load(dy, at, left, whole) * ((one + t * -1) * (one + t)), into == (int)Into.Add, dx, at, left, whole);
        }
    }

    /// <summary>t = tanh(x / cap).</summary>
    private static Quad Tanh(Quad x, float cap) => new(GpuMath.Tanh(x.X / cap), GpuMath.Tanh(x.Y / cap), GpuMath.Tanh(x.Z / cap), GpuMath.Tanh(x.W / cap));
}
