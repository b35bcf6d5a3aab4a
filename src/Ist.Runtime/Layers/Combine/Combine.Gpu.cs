using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Combine
{
    private static void Forward(IlgpuDevice gpu, float* y, float* x, float* weights, RouteTable table, int rows, int width) => gpu.For(
        rows, Quads.Threads(width), new GpuForward(
            gpu.Values(y, (long)rows * width), gpu.Values(x, (long)table.Count * width), gpu.Values(weights, table.Count), new GpuRoutes(gpu, table), width));

    private static void Backward(
        IlgpuDevice gpu, Into into, float* dx, float* dweights, float* dy, float* x, float* weights, RouteTable table, int width) => gpu.For(
        table.Count, Quads.Threads(width), new GpuBackward(
            (int)into, gpu.Values(dx, (long)table.Count * width), gpu.Values(dweights, table.Count), gpu.Values(dy, (long)(table.Count / table.PerRow) * width),
            gpu.Values(x, (long)table.Count * width), gpu.Values(weights, table.Count), new GpuRoutes(gpu, table), width));

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuForward(Values y, Values x, Values weights, GpuRoutes routes, int width) : IGpuJob
    {
        public void Execute()
        {
            bool aligned = Quads.Align(width);
            int first = Grid.IdxX * routes.PerRow;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                Quad sum = default;
                for (int j = 0; j < routes.PerRow; j++)
                {
                    Quad made = Quads.Load(x, (long)routes.Places[first + j] * width + i, width - i, aligned);
                    sum = Quad.MultiplyAdd(made, weights[first + j], sum);
                }
                Quads.Store(sum, y, (long)Grid.IdxX * width + i, width - i, aligned);
            }
        }
    }

    /// <summary>A group is a choice.</summary>
    internal readonly struct GpuBackward(
        int into, Values dx, Values dweights, Values dy, Values x, Values weights, GpuRoutes routes, int width)
        : IGpuJob
    {
        public void Execute()
        {
            bool aligned = Quads.Align(width);
            long at = (long)routes.Places[Grid.IdxX] * width, from = (long)(Grid.IdxX / routes.PerRow) * width;
            float weight = weights[Grid.IdxX], dot = 0;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                Quad d = Quads.Load(dy, from + i, width - i, aligned);
                dot = Quad.Dot(d, Quads.Load(x, at + i, width - i, aligned), dot);
                Quads.Put(d * weight, into == (int)Into.Add, dx, at + i, width - i, aligned);
            }
            dot = Lane.GroupSum(dot);
            if (Group.IdxX == 0)
                dweights.Set(Grid.IdxX, into == (int)Into.Set ? dot : dweights[Grid.IdxX] + dot);
        }
    }
}
