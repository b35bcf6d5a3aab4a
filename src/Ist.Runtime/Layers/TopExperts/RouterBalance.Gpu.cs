using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public sealed unsafe partial class RouterBalance
{
    private const int GpuThreads = 128;

    /// <summary>As on the processor; the sums come to the host, which adds the layers up.</summary>
    internal void Measure(IlgpuDevice gpu, Run run, int layer, float* logits, RouteTable table)
    {
        _tokens[layer] = run.Batch.RealTokens;
        double* sums = (double*)gpu.Workspace;
        gpu.For(_experts, GpuThreads, new GpuMeasure(
            gpu.View(sums, _experts), gpu.View((long*)(sums + _experts), _experts), new GpuRoutes(gpu, table), Rows(gpu, run, logits)));
        fixed (double* probabilities = &_probabilities[layer * _experts])
            gpu.Download(sums, probabilities, (long)_experts * sizeof(double));
        fixed (long* choices = &_choices[layer * _experts])
            gpu.Download(sums + _experts, choices, (long)_experts * sizeof(long));
    }

    /// <summary>dl += the gradient by the logits of a layer's router.</summary>
    internal void Backward(IlgpuDevice gpu, Run run, float* dlogits, float* logits)
    {
        FindSlopes(run);
        gpu.Upload(_slopes, (float*)gpu.Workspace);
        gpu.For((run.Rows + GpuThreads - 1) / GpuThreads, GpuThreads, new GpuBackward(
            gpu.Values(dlogits, (long)run.Rows * _experts), gpu.View((float*)gpu.Workspace, _experts), Rows(gpu, run, logits)));
    }

    private GpuRows Rows(IlgpuDevice gpu, Run run, float* logits) => new(
        gpu.Values(logits, (long)run.Rows * _experts), gpu.View(gpu.Mirror(run.Batch, run.Batch.Start), run.Batch.Sequences),
        gpu.View(gpu.Mirror(run.Batch, run.Batch.End), run.Batch.Sequences), run.Batch.Time, run.Rows, _experts);

    /// <summary>The logits of all rows, and which of these are real.</summary>
    internal readonly struct GpuRows(Values logits, ArrayView<int> start, ArrayView<int> end, int time, int rows, int experts)
    {
        public int Count => rows;

        public int Experts => experts;

        public bool IsReal(int row)
        {
            int sequence = row / time, t = row - sequence * time;
            return t >= start[sequence] && t < end[sequence];
        }

        public float Largest(int row)
        {
            float max = logits[(long)row * experts];
            for (int e = 1; e < experts; e++)
                max = IntrinsicMath.Max(max, logits[(long)row * experts + e]);
            return max;
        }

        /// <summary>e^(logit - max).</summary>
        public float Exponential(int row, int expert, float max) => GpuMath.Exp(logits[(long)row * experts + expert] - max);

        public float SumOfExponentials(int row, float max)
        {
            float sum = 0;
            for (int e = 0; e < experts; e++)
                sum += Exponential(row, e, max);
            return sum;
        }
    }

    /// <summary>A group is an expert.</summary>
    internal readonly struct GpuMeasure(ArrayView<double> probabilities, ArrayView<long> choices, GpuRoutes routes, GpuRows rows) : IGpuJob
    {
        public void Execute()
        {
            double probability = 0, chosen = 0;
            for (int row = Group.IdxX; row < rows.Count; row += Group.DimX)
            {
                if (!rows.IsReal(row))
                    continue;
                float max = rows.Largest(row);
                probability += rows.Exponential(row, Grid.IdxX, max) / rows.SumOfExponentials(row, max);
                for (int j = 0; j < routes.PerRow; j++)
                    chosen += routes.Experts[row * routes.PerRow + j] == Grid.IdxX ? 1d : 0d;
            }
            probability = Lane.GroupSum(probability);
            chosen = Lane.GroupSum(chosen);
            if (Group.IdxX != 0)
                return;
            probabilities[Grid.IdxX] = probability;
            choices[Grid.IdxX] = (long)chosen;
        }
    }

    /// <summary>A thread is a row.</summary>
    internal readonly struct GpuBackward(Values dlogits, ArrayView<float> slopes, GpuRows rows) : IGpuJob
    {
        public void Execute()
        {
            int row = Grid.IdxX * Group.DimX + Group.IdxX;
            if (row >= rows.Count || !rows.IsReal(row))
                return;
            float max = rows.Largest(row), sum = rows.SumOfExponentials(row, max), mean = 0;
            for (int e = 0; e < rows.Experts; e++)
                mean += rows.Exponential(row, e, max) / sum * slopes[e];
            for (int e = 0; e < rows.Experts; e++)
            {
                long at = (long)row * rows.Experts + e;
                dlogits.Set(at, dlogits[at] + rows.Exponential(row, e, max) / sum * (slopes[e] - mean));
            }
        }
    }
}
