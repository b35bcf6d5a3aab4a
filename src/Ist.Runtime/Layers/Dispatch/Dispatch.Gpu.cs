using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Dispatch
{
    private static void Forward(IlgpuDevice gpu, float* y, float* x, RouteTable table, int rows, int width) => gpu.For(
        table.Count, Quads.Threads(width), new GpuForward(
            gpu.Values(y, (long)table.Count * width), gpu.Values(x, (long)rows * width), new GpuRoutes(gpu, table), width));

    private static void Backward(IlgpuDevice gpu, Into into, float* dx, float* dy, RouteTable table, int rows, int width) => gpu.For(
        rows, Quads.Threads(width), new GpuBackward(
            (int)into, gpu.Values(dx, (long)rows * width), gpu.Values(dy, (long)table.Count * width), new GpuRoutes(gpu, table), width));

    /// <summary>A group is a place.</summary>
    internal readonly struct GpuForward(Values y, Values x, GpuRoutes routes, int width) : IGpuJob
    {
        public void Execute()
        {
            long to = (long)Grid.IdxX * width, from = (long)(routes.Choices[Grid.IdxX] / routes.PerRow) * width;
            bool aligned = Quads.Align(width);
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
                Quads.Store(Quads.Load(x, from + i, width - i, aligned), y, to + i, width - i, aligned);
        }
    }

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuBackward(int into, Values dx, Values dy, GpuRoutes routes, int width) : IGpuJob
    {
        public void Execute()
        {
            long to = (long)Grid.IdxX * width;
            bool aligned = Quads.Align(width);
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                Quad sum = into == (int)Into.Set ? Quad.Of(0) : Quads.Load(dx, to + i, width - i, aligned);
                for (int j = 0; j < routes.PerRow; j++)
                    sum += Quads.Load(dy, (long)routes.Places[Grid.IdxX * routes.PerRow + j] * width + i, width - i, aligned);
                Quads.Store(sum, dx, to + i, width - i, aligned);
            }
        }
    }
}
