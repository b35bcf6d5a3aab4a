using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class FusedSwiGlu
{
    private static void Forward(IlgpuDevice gpu, float* y, float* x, int rows, int width) => gpu.For(
        rows, Quads.Threads(width), new GpuForward(gpu.Values(y, (long)rows * width), gpu.Values(x, 2L * rows * width), width));

    private static void Backward(IlgpuDevice gpu, Into into, float* dx, float* dy, float* x, int rows, int width) => gpu.For(
        rows, Quads.Threads(width), new GpuBackward(
            (int)into, gpu.Values(dx, 2L * rows * width), gpu.Values(dy, (long)rows * width), gpu.Values(x, 2L * rows * width), width));

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuForward(Values y, Values x, int width) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width, gate = 2 * row, up = gate + width;
            bool aligned = Quads.Align(width);
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                int left = width - i;
                Quad value = Activation.Values<SiluFunction>(Quads.Load(x, gate + i, left, aligned));
                Quads.Store(value * Quads.Load(x, up + i, left, aligned), y, row + i, left, aligned);
            }
        }
    }

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuBackward(int into, Values dx, Values dy, Values x, int width) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width, gate = 2 * row, up = gate + width;
            bool aligned = Quads.Align(width), adds = into == (int)Into.Add;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                int left = width - i;
                Quad g = Quads.Load(x, gate + i, left, aligned), d = Quads.Load(dy, row + i, left, aligned), u = Quads.Load(x, up + i, left, aligned);
                Quads.Put(d * u * Activation.Slopes<SiluFunction>(g), adds, dx, gate + i, left, aligned);
                Quads.Put(d * Activation.Values<SiluFunction>(g), adds, dx, up + i, left, aligned);
            }
        }
    }
}
