using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Optimizers;

public static unsafe partial class GradientClipping
{
    private const int GpuThreads = 256, MostGroups = 128;

    private static double SumOfSquares(IlgpuDevice gpu, ReadOnlySpan<Parameter> active)
    {
        const int fit = IlgpuDevice.WorkspaceBytes / sizeof(double) / MostGroups;
        double sum = 0;
        for (int first = 0; first < active.Length; first += fit)
        {
            ReadOnlySpan<Parameter> some = active.Slice(first, Math.Min(fit, active.Length - first));
            int sums = 0;
            foreach (Parameter parameter in some)
            {
                int groups = Groups(parameter.Count);
                gpu.For(groups, GpuThreads, new GpuSquares(gpu.View((double*)gpu.Workspace + sums, groups), gpu.View(parameter.Gradient, parameter.Count), parameter.Count));
                sums += groups;
            }
            sum += Sum(gpu, sums);
        }
        return sum;
    }

    private static double Sum(IlgpuDevice gpu, int count)
    {
        const int atOnce = 1024;
        double* values = stackalloc double[atOnce];
        double sum = 0;
        for (int first = 0; first < count; first += atOnce)
        {
            int some = Math.Min(atOnce, count - first);
            gpu.Download((double*)gpu.Workspace + first, values, (long)some * sizeof(double));
            for (int i = 0; i < some; i++)
                sum += values[i];
        }
        return sum;
    }

    private static void Scale(IlgpuDevice gpu, ReadOnlySpan<Parameter> active, float factor)
    {
        foreach (Parameter parameter in active)
            gpu.For(Groups(parameter.Count), GpuThreads, new GpuScale(gpu.View(parameter.Gradient, parameter.Count), parameter.Count, factor));
    }

    private static int Groups(long count) => (int)Math.Min(MostGroups, (count + 4 * GpuThreads - 1) / (4 * GpuThreads));

    /// <summary>A group adds up its share of a tensor, always in the same order.</summary>
    internal readonly struct GpuSquares(ArrayView<double> sums, ArrayView<float> gradient, long count) : IGpuJob
    {
        public void Execute()
        {
            double sum = 0;
            for (long i = 4 * ((long)Grid.IdxX * Group.DimX + Group.IdxX); i < count; i += 4L * Grid.DimX * Group.DimX)
            {
                int left = (int)IntrinsicMath.Min(4, count - i);
                Quad g = Quads.Load(gradient, i, left, left == 4);
                sum += (double)g.X * g.X + (double)g.Y * g.Y + ((double)g.Z * g.Z + (double)g.W * g.W);
            }
            sum = Lane.GroupSum(sum);
            if (Group.IdxX == 0)
                sums[Grid.IdxX] = sum;
        }
    }

    /// <summary>gradient *= factor.</summary>
    internal readonly struct GpuScale(ArrayView<float> gradient, long count, float factor) : IGpuJob
    {
        public void Execute()
        {
            for (long i = 4 * ((long)Grid.IdxX * Group.DimX + Group.IdxX); i < count; i += 4L * Grid.DimX * Group.DimX)
            {
                int left = (int)IntrinsicMath.Min(4, count - i);
                Quads.Store(Quads.Load(gradient, i, left, left == 4) * factor, gradient, i, left, left == 4);
            }
        }
    }
}
