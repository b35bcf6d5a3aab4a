using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Activation
{
    private static void Forward<F>(IlgpuDevice gpu, float* y, float* x, long count) where F : struct, ILaneFunction => gpu.For(
        Quads.Groups(count), Quads.ElementThreads, new GpuForward<F>(gpu.Values(y, count), gpu.Values(x, count), count, Quads.Align((long)y | (long)x)));

    private static void Backward<F>(IlgpuDevice gpu, Into into, float* dx, float* dy, float* x, long count) where F : struct, ILaneFunction => gpu.For(
        Quads.Groups(count), Quads.ElementThreads, new GpuBackward<F>(
            (int)into, gpu.Values(dx, count), gpu.Values(dy, count), gpu.Values(x, count), count, Quads.Align((long)dx | (long)dy | (long)x)));

    /// <summary>f of each.</summary>
    internal static Quad Values<F>(Quad x) where F : struct, ILaneFunction => new(F.Value(x.X), F.Value(x.Y), F.Value(x.Z), F.Value(x.W));

    /// <summary>f' of each.</summary>
    internal static Quad Slopes<F>(Quad x) where F : struct, ILaneFunction => new(F.Slope(x.X), F.Slope(x.Y), F.Slope(x.Z), F.Slope(x.W));

    /// <summary>y = f(x).</summary>
    internal readonly struct GpuForward<F>(Values y, Values x, long count, int aligned) : IGpuJob where F : struct, ILaneFunction
    {
        public void Execute()
        {
            long at = Quads.Element;
            if (at >= count)
                return;
            int left = (int)IntrinsicMath.Min(4, count - at);
            bool whole = aligned != 0 && left == 4;
            Quads.Store(Values<F>(Quads.Load(x, at, left, whole)), y, at, left, whole);
        }
    }

    /// <summary>dx = or += f'(x) dy.</summary>
    internal readonly struct GpuBackward<F>(
        int into, Values dx, Values dy, Values x, long count, int aligned) : IGpuJob where F : struct, ILaneFunction
    {
        public void Execute()
        {
            long at = Quads.Element;
            if (at >= count)
                return;
            int left = (int)IntrinsicMath.Min(4, count - at);
            bool whole = aligned != 0 && left == 4;
            Quad share = Slopes<F>(Quads.Load(x, at, left, whole)) * Quads.Load(dy, at, left, whole);
            Quads.Put(share, into == (int)Into.Add, dx, at, left, whole);
        }
    }
}
