using ILGPU;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class CrossEntropy
{
    private static void Start(IlgpuDevice gpu, float* losses, float* logits, int* targets, float* scale, int rows, int width) => gpu.For(
        rows, Quads.Threads(width), new GpuJob(
            gpu.View(losses, losses is null ? 0 : rows), gpu.View(logits, (long)rows * width), gpu.View(targets, rows), scale is null ? 0 : *scale,
            losses is null ? 0 : 1, scale is null ? 0 : 1, width));

    /// <summary>The sum of the losses, in the order of the rows.</summary>
    private static double Sum(IlgpuDevice gpu, float* losses, int rows)
    {
        const int atOnce = 4096;
        float* values = stackalloc float[atOnce];
        double sum = 0;
        for (int first = 0; first < rows; first += atOnce)
        {
            int count = Math.Min(atOnce, rows - first);
            gpu.Download(losses + first, values, (long)count * sizeof(float));
            for (int row = 0; row < count; row++)
                sum += values[row];
        }
        return sum;
    }

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuJob(
        ArrayView<float> losses, ArrayView<float> logits, ArrayView<int> targets, float scale, int measures, int replaces, int width) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width;
            bool aligned = Quads.Align(width);
            int target = targets[Grid.IdxX];
            if (target == Batch.Ignored)
            {
                Ignore(row, aligned);
                return;
            }
            float max = float.NegativeInfinity;
            for (int i = Group.IdxX; i < width; i += Group.DimX)
                max = IntrinsicMath.Max(max, logits[row + i]);
            max = Lane.GroupMax(max);
            float chosen = logits[row + target];
            // All have read the target's logit before it is replaced: the sum waits for every thread.
            double sum = Lane.GroupSum(Exponentials(row, max, aligned));
            if (Group.IdxX == 0 && measures != 0)
                losses[Grid.IdxX] = (float)(max - (double)chosen + GpuMath.Log(sum));
            float factor = (float)(scale / sum);
            for (int i = 4 * Group.IdxX; i < width && replaces != 0; i += 4 * Group.DimX)
            {
                Quad x = Quads.Load(logits, row + i, width - i, aligned);
                Quad e = new Quad(GpuMath.Exp(x.X - max), GpuMath.Exp(x.Y - max), GpuMath.Exp(x.Z - max), GpuMath.Exp(x.W - max)) * factor;
                Quads.Store(Less(e, target - i), logits, row + i, width - i, aligned);
            }
        }

        private void Ignore(long row, bool aligned)
        {
            if (Group.IdxX == 0 && measures != 0)
                losses[Grid.IdxX] = 0;
            for (int i = 4 * Group.IdxX; i < width && replaces != 0; i += 4 * Group.DimX)
                Quads.Store(Quad.Of(0), logits, row + i, width - i, aligned);
        }

        private double Exponentials(long row, float max, bool aligned)
        {
            double sum = 0;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                int left = width - i;
                Quad x = Quads.Load(logits, row + i, left, aligned);
                sum += GpuMath.Exp(x.X - max);
                sum += left > 1 ? GpuMath.Exp(x.Y - max) : 0;
                sum += left > 2 ? GpuMath.Exp(x.Z - max) : 0;
                sum += left > 3 ? GpuMath.Exp(x.W - max) : 0;
            }
            return sum;
        }

        /// <summary>The target's gradient is less by the scale.</summary>
        private Quad Less(Quad e, int place) => new(
            place == 0 ? e.X - scale : e.X, place == 1 ? e.Y - scale : e.Y, place == 2 ? e.Z - scale : e.Z, place == 3 ? e.W - scale : e.W);
    }
}
