using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class RowSum
{
    private static void Add(IlgpuDevice gpu, float alpha, float* y, float* b, int rows, int width) => gpu.For(
        rows, Quads.Threads(width), new GpuAdd(alpha, gpu.Values(y, (long)rows * width), gpu.View(b, width), width, Quads.AlignRows((long)y | (long)b, width)));

    private static void AddGradient(IlgpuDevice gpu, float alpha, float* db, float* dy, int rows, int width) => gpu.For(
        Columns.Groups(width), Columns.Threads, new GpuGradient(alpha, gpu.View(db, width), gpu.Values(dy, (long)rows * width), rows, width));

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuAdd(float alpha, Values y, ArrayView<float> b, int width, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                int left = width - i;
                bool whole = aligned != 0 && left >= 4;
                Quads.Put(Quads.Load(b, i, left, whole) * alpha, true, y, row + i, left, whole);
            }
        }
    }

    /// <summary>Column by column (<see cref="Columns"/>).</summary>
    internal readonly struct GpuGradient(float alpha, ArrayView<float> db, Values dy, int rows, int width) : IGpuJob
    {
        public void Execute()
        {
            int column = Columns.Index;
            float sum = 0;
            for (int row = Lane.Warp; row < rows && column < width; row += Columns.Slices)
                sum += dy[(long)row * width + column];
            sum = Lane.SumOfWarps(sum);
            if (Lane.Warp == 0 && column < width)
                db[column] += alpha * sum;
        }
    }
}
