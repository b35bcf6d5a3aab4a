using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class ColumnLookup
{
    private const int GpuThreads = 256;

    private static void Forward(IlgpuDevice gpu, float* y, int* ids, float* table, int rows, int height, int width)
    {
        long count = (long)rows * height;
        gpu.For(GpuGroups(count), GpuThreads, new GpuForward(gpu.View(y, count), gpu.View(ids, rows), gpu.View(table, (long)height * width), rows, height, width));
    }

    private static void AddGradient(IlgpuDevice gpu, float* dtable, float* dy, int* ids, int rows, int height, int width)
    {
        long count = (long)rows * height;
        gpu.For(GpuGroups(count), GpuThreads, new GpuGradient(gpu.View(dtable, (long)height * width), gpu.View(dy, count), gpu.View(ids, rows), rows, height, width));
    }

    private static int GpuGroups(long count) => checked((int)((count + GpuThreads - 1) / GpuThreads));

    /// <summary>A thread is an element of a row.</summary>
    internal readonly struct GpuForward(ArrayView<float> y, ArrayView<int> ids, ArrayView<float> table, int rows, int height, int width) : IGpuJob
    {
        public void Execute()
        {
            long at = (long)Grid.IdxX * Group.DimX + Group.IdxX;
            int row = (int)(at / height), k = (int)(at - (long)row * height);
            if (row < rows)
                y[at] = table[(long)k * width + ids[row]];
        }
    }

    /// <summary>A thread is an element of a row. That of the first row with an id adds up those of all rows with it, in their order.</summary>
    internal readonly struct GpuGradient(ArrayView<float> dtable, ArrayView<float> dy, ArrayView<int> ids, int rows, int height, int width) : IGpuJob
    {
        public void Execute()
        {
            long at = (long)Grid.IdxX * Group.DimX + Group.IdxX;
            int first = (int)(at / height), k = (int)(at - (long)first * height);
            if (first >= rows)
                return;
            int id = ids[first];
            for (int row = 0; row < first; row++)
            {
                if (ids[row] == id)
                    return;
            }
            float sum = dtable[(long)k * width + id];
            for (int row = first; row < rows; row++)
            {
                if (ids[row] == id)
                    sum += dy[(long)row * height + k];
            }
            dtable[(long)k * width + id] = sum;
        }
    }
}
