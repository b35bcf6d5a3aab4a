using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class InnerProduct
{
    private const int GpuThreads = 256, MostGroups = 128;

    private static double Of(IlgpuDevice gpu, float* x, float origin, float* y, long count)
    {
        int groups = (int)Math.Min(MostGroups, (count + 4 * GpuThreads - 1) / (4 * GpuThreads));
        gpu.For(groups, GpuThreads, new GpuPieces(
            gpu.View((double*)gpu.Workspace, groups), gpu.Values(x, count), origin, gpu.Values(y, count), count, Quads.Align((long)x | (long)y)));
        double* sums = stackalloc double[MostGroups];
        gpu.Download(gpu.Workspace, sums, (long)groups * sizeof(double));
        double sum = 0;
        for (int group = 0; group < groups; group++)
            sum += sums[group];
        return sum;
    }

    private static void OfRows(IlgpuDevice gpu, Into into, float* t, float* x, float* y, int rows, int width, int stride)
    {
        long count = (long)rows * width;
        gpu.For(rows, Quads.Threads(width), new GpuRows(
            (int)into, gpu.View(t, rows), gpu.Values(x, count), gpu.Values(y, (long)(rows - 1) * stride + width), width, stride,
            Quads.AlignRows((long)x | (long)y, width | stride)));
    }

    private static double Sum(IlgpuDevice gpu, float* t, int rows)
    {
        const int atOnce = 4096;
        float* values = stackalloc float[atOnce];
        double sum = 0;
        for (int first = 0; first < rows; first += atOnce)
        {
            int count = Math.Min(atOnce, rows - first);
            gpu.Download(t + first, values, (long)count * sizeof(float));
            for (int row = 0; row < count; row++)
                sum += values[row];
        }
        return sum;
    }

    /// <summary>A group adds up its share, always in the same order.</summary>
    internal readonly struct GpuPieces(ArrayView<double> sums, Values x, float origin, Values y, long count, int aligned) : IGpuJob
    {
        public void Execute()
        {
            double sum = 0;
            for (long i = 4 * ((long)Grid.IdxX * Group.DimX + Group.IdxX); i < count; i += 4L * Grid.DimX * Group.DimX)
            {
                int left = (int)IntrinsicMath.Min(4, count - i);
                bool whole = aligned != 0 && left == 4;
                // Beyond the end y is 0.
                Quad a = Quads.Load(x, i, left, whole), b = Quads.Load(y, i, left, whole);
                double lower = ((double)a.X - origin) * b.X + ((double)a.Y - origin) * b.Y;
                sum += lower + (((double)a.Z - origin) * b.Z + ((double)a.W - origin) * b.W);
            }
            sum = Lane.GroupSum(sum);
            if (Group.IdxX == 0)
                sums[Grid.IdxX] = sum;
        }
    }

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuRows(
        int into, ArrayView<float> t, Values x, Values y, int width, int stride, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long left = (long)Grid.IdxX * width, right = (long)Grid.IdxX * stride;
            float sum = 0;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                bool whole = aligned != 0 && width - i >= 4;
                sum = Quad.Dot(Quads.Load(x, left + i, width - i, whole), Quads.Load(y, right + i, width - i, whole), sum);
            }
            sum = Lane.GroupSum(sum);
            if (Group.IdxX == 0)
                t[Grid.IdxX] = into == (int)Into.Add ? t[Grid.IdxX] + sum : sum;
        }
    }
}
