using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class GeGlu
{
    private static void Forward(IlgpuDevice gpu, float* y, float* gate, float* up, long count) => gpu.For(
        Quads.Groups(count), Quads.ElementThreads,
        new GpuForward(gpu.Values(y, count), gpu.Values(gate, count), gpu.Values(up, count), count, Quads.Align((long)y | (long)gate | (long)up)));

    private static void Backward(IlgpuDevice gpu, Into into, float* dgate, float* dup, float* dy, float* gate, float* up, long count) => gpu.For(
        Quads.Groups(count), Quads.ElementThreads,
        new GpuBackward(
            (int)into, gpu.Values(dgate, count), gpu.Values(dup, count), gpu.Values(dy, count), gpu.Values(gate, count), gpu.Values(up, count), count,
            Quads.Align((long)dgate | (long)dup | (long)dy | (long)gate | (long)up)));

    /// <summary>y = gate s up.</summary>
    internal readonly struct GpuForward(Values y, Values gate, Values up, long count, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long at = Quads.Element;
            if (at >= count)
                return;
            int left = (int)IntrinsicMath.Min(4, count - at);
            bool whole = aligned != 0 && left == 4;
            Quads.Store(Activation.Values<GeluTanhFunction>(Quads.Load(gate, at, left, whole)) * Quads.Load(up, at, left, whole), y, at, left, whole);
        }
    }

    /// <summary>dgate = or += dy up s (1 + gate (1 - s) v'), dup = or += dy gate s.</summary>
    internal readonly struct GpuBackward(
        int into, Values dgate, Values dup, Values dy, Values gate, Values up, long count, int aligned)
        : IGpuJob
    {
        public void Execute()
        {
            long at = Quads.Element;
            if (at >= count)
                return;
            int left = (int)IntrinsicMath.Min(4, count - at);
            bool whole = aligned != 0 && left == 4, adds = into == (int)Into.Add;
            Quad g = Quads.Load(gate, at, left, whole), d = Quads.Load(dy, at, left, whole), u = Quads.Load(up, at, left, whole);
            Quads.Put(d * u * Activation.Slopes<GeluTanhFunction>(g), adds, dgate, at, left, whole);
            Quads.Put(d * Activation.Values<GeluTanhFunction>(g), adds, dup, at, left, whole);
        }
    }
}
