using ILGPU;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class CrossEntropy
{
    // A large vocabulary has as many threads as a group may have: a tile's rows alone are too few groups for a large card.
    private const int MostThreads = 1024;

    private static void Start(IlgpuDevice gpu, float* losses, float* logits, int* targets, float* scale, int rows, int width) => gpu.For(
        rows, Math.Clamp((width + 127) / 128 * Lane.Count, Lane.Count, MostThreads), new GpuJob(
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

    /// <summary>
    /// A group is a row, of which it reads every logit once for the loss: each thread has the largest of its own so far and the sum of e^(logit - largest),
    /// which is scaled where a larger one comes (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018).
    /// </summary>
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
            float own = float.NegativeInfinity;
            double sum = 0;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                Quad x = LoadOrLeast(row + i, width - i, aligned);
                float larger = IntrinsicMath.Max(own, IntrinsicMath.Max(IntrinsicMath.Max(x.X, x.Y), IntrinsicMath.Max(x.Z, x.W)));
                if (larger > own)
                    sum *= GpuMath.Exp(own - larger);
                own = larger;
                // Where all so far are infinitely small, they count 0.
                float least = own == float.NegativeInfinity ? 0 : own;
                sum += GpuMath.Exp(x.X - least) + (double)GpuMath.Exp(x.Y - least) + ((double)GpuMath.Exp(x.Z - least) + GpuMath.Exp(x.W - least));
            }
            float max = Lane.GroupMax(own), chosen = logits[row + target];
            // All have read the target's logit before it is replaced: the sum waits for every thread.
            sum = Lane.GroupSum(sum * GpuMath.Exp(own - max));
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

        // Beyond the row's end there is what counts nothing.
        private Quad LoadOrLeast(long at, int left, bool aligned)
        {
            Quad x = Quads.Load(logits, at, left, aligned);
            return aligned ? x : new Quad(
                x.X, left > 1 ? x.Y : float.NegativeInfinity, left > 2 ? x.Z : float.NegativeInfinity, left > 3 ? x.W : float.NegativeInfinity);
        }

        /// <summary>The target's gradient is less by the scale.</summary>
        private Quad Less(Quad e, int place) => new(
            place == 0 ? e.X - scale : e.X, place == 1 ? e.Y - scale : e.Y, place == 2 ? e.Z - scale : e.Z, place == 3 ? e.W - scale : e.W);
    }
}
