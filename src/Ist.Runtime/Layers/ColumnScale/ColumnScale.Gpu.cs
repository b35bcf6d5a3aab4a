using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class ColumnScale
{
    private static void Forward(IlgpuDevice gpu, Into into, float* y, float* x, float* s, float strength, int rows, int width)
    {
        long count = (long)rows * width;
        gpu.For(rows, Quads.Threads(width), new GpuForward(
            (int)into, gpu.Values(y, count), gpu.Values(x, count), gpu.View(s, width), 1 - strength, width, Quads.AlignRows((long)y | (long)x | (long)s, width)));
    }

    private static void BackwardScale(IlgpuDevice gpu, Into into, float alpha, float* ds, float* dy, float* x, int rows, int width)
    {
        long count = (long)rows * width;
        gpu.For(Columns.Groups(width), Columns.Threads, new GpuScale(
            (int)into, alpha, gpu.View(ds, width), gpu.Values(dy, count), gpu.Values(x, count), rows, width));
    }

    /// <summary>A group is a row. The scale is s + damping (1 - s), so that nothing is rounded where the damping is 0.</summary>
    internal readonly struct GpuForward(
        int into, Values y, Values x, ArrayView<float> s, float damping, int width, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                int left = width - i;
                bool whole = aligned != 0 && left >= 4;
                Quad scale = Quads.Load(s, i, left, whole);
                scale += (Quad.Of(1) + scale * -1) * damping;
                Quads.Put(scale * Quads.Load(x, row + i, left, whole), into == (int)Into.Add, y, row + i, left, whole);
            }
        }
    }

    /// <summary>Column by column (<see cref="Columns"/>).</summary>
    internal readonly struct GpuScale(
        int into, float alpha, ArrayView<float> ds, Values dy, Values x, int rows, int width) : IGpuJob
    {
        public void Execute()
        {
            int column = Columns.Index;
            float sum = 0;
            for (int row = Lane.Warp; row < rows && column < width; row += Columns.Slices)
            {
                long at = (long)row * width + column;
                sum += dy[at] * x[at];
            }
            sum = Lane.SumOfWarps(sum) * alpha;
            if (Lane.Warp == 0 && column < width)
                ds[column] = into == (int)Into.Add ? ds[column] + sum : sum;
        }
    }
}
