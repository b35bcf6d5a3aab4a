using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Embedding
{
    private static void Forward(IlgpuDevice gpu, float* y, int* ids, Weight table, int rows, int width) => gpu.For(
        rows, Quads.Threads(width), new GpuForward(gpu.Values(y, (long)rows * width), gpu.View(ids, rows), gpu.Stored(table.Data, table.DType, table.Count), width));

    private static void Add(IlgpuDevice gpu, float* y, float* x, int* ids, Weight table, int offset, int rows, int width) => gpu.For(
        rows, Quads.Threads(width), new GpuAdd(
            gpu.Values(y, (long)rows * width), gpu.Values(x, (long)rows * width), gpu.View(ids, rows), gpu.Stored(table.Data, table.DType, table.Count), offset, width));

    private static void AddGradient(IlgpuDevice gpu, float* dtable, float* dy, int* ids, int rows, int width) => gpu.For(
        (width + Lane.Count - 1) / Lane.Count, Lane.Count,
        // How many rows the table has does not matter to the view.
        new GpuGradient(gpu.View(dtable, int.MaxValue), gpu.Values(dy, (long)rows * width), gpu.View(ids, rows), rows, width));

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuForward(Values y, ArrayView<int> ids, Stored table, int width) : IGpuJob
    {
        public void Execute()
        {
            long to = (long)Grid.IdxX * width, from = (long)ids[Grid.IdxX] * width;
            bool aligned = Quads.Align(width);
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
                Quads.Store(table.Load(from + i, width - i, aligned), y, to + i, width - i, aligned);
        }
    }

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuAdd(Values y, Values x, ArrayView<int> ids, Stored table, int offset, int width) : IGpuJob
    {
        public void Execute()
        {
            long to = (long)Grid.IdxX * width, from = (long)(offset + ids[Grid.IdxX]) * width;
            bool aligned = Quads.Align(width);
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
                Quads.Store(Quads.Load(x, to + i, width - i, aligned) + table.Load(from + i, width - i, aligned), y, to + i, width - i, aligned);
        }
    }

    /// <summary>A thread owns a column of the table and takes all rows in order, so equal ids add up in a fixed order.</summary>
    internal readonly struct GpuGradient(ArrayView<float> dtable, Values dy, ArrayView<int> ids, int rows, int width) : IGpuJob
    {
        public void Execute()
        {
            int column = Grid.IdxX * Group.DimX + Group.IdxX;
            for (int row = 0; row < rows && column < width; row++)
                dtable[(long)ids[row] * width + column] += dy[(long)row * width + column];
        }
    }
}
