using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class RmsNorm
{
    private static void Forward(IlgpuDevice gpu, float* y, float* rstd, float* x, Weight weight, float epsilon, int rows, int width, float offset)
    {
        long count = (long)rows * width;
        gpu.For(rows, Quads.Threads(width), new GpuForward(
            gpu.Values(y, count), gpu.View(rstd, rows), gpu.Values(x, count), gpu.Stored(weight.Data, weight.DType, width), offset, epsilon, width));
    }

    private static void Backward(
        IlgpuDevice gpu, Into into, float* dx, float* dy, float* x, float* rstd, Weight weight, int rows, int width, float offset)
    {
        long count = (long)rows * width;
        gpu.For(rows, Quads.Threads(width), new GpuBackward(
            (int)into, gpu.Values(dx, count), gpu.Values(dy, count), gpu.Values(x, count), gpu.View(rstd, rows), gpu.Stored(weight.Data, weight.DType, width), offset, width));
    }

    private static void BackwardWeights(IlgpuDevice gpu, float* dw, float* dy, float* x, float* rstd, int rows, int width)
    {
        long count = (long)rows * width;
        gpu.For(Columns.Groups(width), Columns.Threads, new GpuWeights(
            gpu.View(dw, width), gpu.Values(dy, count), gpu.Values(x, count), gpu.View(rstd, rows), rows, width));
    }

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuForward(
        Values y, ArrayView<float> rstd, Values x, Stored weight, float offset, float epsilon, int width) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width;
            bool aligned = Quads.Align(width);
            float squares = 0;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                Quad value = Quads.Load(x, row + i, width - i, aligned);
                squares = Quad.Dot(value, value, squares);
            }
            float r = 1 / MathF.Sqrt(Lane.GroupSum(squares) / width + epsilon);
            if (Group.IdxX == 0)
                rstd[Grid.IdxX] = r;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                Quad factor = weight.Load(i, width - i, aligned) + Quad.Of(offset);
                Quads.Store(factor * (Quads.Load(x, row + i, width - i, aligned) * r), y, row + i, width - i, aligned);
            }
        }
    }

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuBackward(
        int into, Values dx, Values dy, Values x, ArrayView<float> rstd, Stored weight, float offset, int width) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width;
            bool aligned = Quads.Align(width);
            float dot = 0;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
                dot = Quad.Dot(Slope(row, i, aligned), Quads.Load(x, row + i, width - i, aligned), dot);
            float r = rstd[Grid.IdxX], mean = -(Lane.GroupSum(dot) / width * r * r);
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                Quad share = Quad.MultiplyAdd(Quads.Load(x, row + i, width - i, aligned), mean, Slope(row, i, aligned)) * r;
                Quads.Put(share, into == (int)Into.Add, dx, row + i, width - i, aligned);
            }
        }

        private Quad Slope(long row, int i, bool aligned) =>
            (weight.Load(i, width - i, aligned) + Quad.Of(offset)) * Quads.Load(dy, row + i, width - i, aligned);
    }

    /// <summary>Column by column (<see cref="Columns"/>).</summary>
    internal readonly struct GpuWeights(
        ArrayView<float> dw, Values dy, Values x, ArrayView<float> rstd, int rows, int width) : IGpuJob
    {
        public void Execute()
        {
            int column = Columns.Index;
            float sum = 0;
            for (int row = Lane.Warp; row < rows && column < width; row += Columns.Slices)
            {
                long at = (long)row * width + column;
                sum += dy[at] * (x[at] * rstd[row]);
            }
            sum = Lane.SumOfWarps(sum);
            if (Lane.Warp == 0 && column < width)
                dw[column] += sum;
        }
    }
}
