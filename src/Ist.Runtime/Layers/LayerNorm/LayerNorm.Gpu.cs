using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class LayerNorm
{
    private static void Forward(IlgpuDevice gpu, float* y, float* mean, float* rstd, float* x, Weight weight, Weight bias, float epsilon, int rows, int width)
    {
        long count = (long)rows * width;
        gpu.For(rows, Quads.Threads(width), new GpuForward(
            gpu.Values(y, count), gpu.View(mean, rows), gpu.View(rstd, rows), gpu.Values(x, count), gpu.Stored(weight.Data, weight.DType, width),
            gpu.Stored(bias.Data, bias.DType, width), epsilon, width));
    }

    private static void Backward(
        IlgpuDevice gpu, Into into, float* dx, float* dy, float* x, float* mean, float* rstd, Weight weight, int rows, int width)
    {
        long count = (long)rows * width;
        gpu.For(rows, Quads.Threads(width), new GpuBackward(
            (int)into, gpu.Values(dx, count), gpu.Values(dy, count), gpu.Values(x, count), gpu.View(mean, rows), gpu.View(rstd, rows),
            gpu.Stored(weight.Data, weight.DType, width), width));
    }

    private static void BackwardWeights(IlgpuDevice gpu, float* dw, float* dy, float* x, float* mean, float* rstd, int rows, int width)
    {
        long count = (long)rows * width;
        gpu.For(Columns.Groups(width), Columns.Threads, new GpuWeights(
            gpu.View(dw, width), gpu.Values(dy, count), gpu.Values(x, count), gpu.View(mean, rows), gpu.View(rstd, rows), rows, width));
    }

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuForward(
        Values y, ArrayView<float> mean, ArrayView<float> rstd, Values x, Stored weight, Stored bias, float epsilon, int width) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width;
            bool aligned = Quads.Align(width);
            float sum = 0;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
                sum += Quads.Load(x, row + i, width - i, aligned).Sum;
            float m = Lane.GroupSum(sum) / width, squares = 0;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                int left = width - i;
                Quad n = Quads.Load(x, row + i, left, aligned) + Quad.Of(-m);
                // Beyond the row's end stands 0, which the mean was subtracted from.
                n = new Quad(n.X, left > 1 ? n.Y : 0, left > 2 ? n.Z : 0, left > 3 ? n.W : 0);
                squares = Quad.Dot(n, n, squares);
            }
            float r = 1 / MathF.Sqrt(Lane.GroupSum(squares) / width + epsilon);
            if (Group.IdxX == 0)
            {
                mean[Grid.IdxX] = m;
                rstd[Grid.IdxX] = r;
            }
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                int left = width - i;
                Quad n = (Quads.Load(x, row + i, left, aligned) + Quad.Of(-m)) * r;
                Quads.Store(weight.Load(i, left, aligned) * n + bias.Load(i, left, aligned), y, row + i, left, aligned);
            }
        }
    }

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuBackward(
        int into, Values dx, Values dy, Values x, ArrayView<float> mean, ArrayView<float> rstd, Stored weight, int width) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width;
            bool aligned = Quads.Align(width);
            float m = mean[Grid.IdxX], r = rstd[Grid.IdxX], sum = 0, dot = 0;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                Quad g = Slope(row, i, aligned);
                sum += g.Sum;
                dot = Quad.Dot(g, Quads.Load(x, row + i, width - i, aligned) + Quad.Of(-m), dot);
            }
            // n mean(g n) = (x - mean) rstd^2 mean(g (x - mean))
            float shift = -(Lane.GroupSum(sum) / width), along = -(Lane.GroupSum(dot) / width * r * r);
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                Quad rest = Slope(row, i, aligned) + Quad.Of(shift);
                Quad share = Quad.MultiplyAdd(Quads.Load(x, row + i, width - i, aligned) + Quad.Of(-m), along, rest) * r;
                Quads.Put(share, into == (int)Into.Add, dx, row + i, width - i, aligned);
            }
        }

        private Quad Slope(long row, int i, bool aligned) => weight.Load(i, width - i, aligned) * Quads.Load(dy, row + i, width - i, aligned);
    }

    /// <summary>Column by column (<see cref="Columns"/>).</summary>
    internal readonly struct GpuWeights(
        ArrayView<float> dw, Values dy, Values x, ArrayView<float> mean, ArrayView<float> rstd, int rows, int width) : IGpuJob
    {
        public void Execute()
        {
            int column = Columns.Index;
            float sum = 0;
            for (int row = Lane.Warp; row < rows && column < width; row += Columns.Slices)
            {
                long at = (long)row * width + column;
                sum += dy[at] * ((x[at] - mean[row]) * rstd[row]);
            }
            sum = Lane.SumOfWarps(sum);
            if (Lane.Warp == 0 && column < width)
                dw[column] += sum;
        }
    }
}
