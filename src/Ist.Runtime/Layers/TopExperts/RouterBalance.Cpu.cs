using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

public sealed unsafe partial class RouterBalance
{
    /// <summary>One task, since it adds up in the order of the rows.</summary>
    private readonly struct MeasureJob(
        float** scratches, double* probabilities, long* choices, float* logits, int* chosen, int* start, int* end, int time, int rows, int experts,
        int perRow) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            float* p = scratches[worker];
            new Span<double>(probabilities, experts).Clear();
            new Span<long>(choices, experts).Clear();
            for (int row = 0; row < rows; row++)
            {
                (int sequence, int t) = Math.DivRem(row, time);
                if (t < start[sequence] || t >= end[sequence])
                    continue;
                Softmax.Row(p, logits + (long)row * experts, experts);
                for (int e = 0; e < experts; e++)
                    probabilities[e] += p[e];
                for (int j = 0; j < perRow; j++)
                    choices[chosen[(long)row * perRow + j]]++;
            }
        }
    }

    private readonly struct BackwardJob(
        float** scratches, float* dlogits, float* logits, float* slopes, int* start, int* end, int time, int rows, int experts) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(experts), last = Math.Min(rows, begin + RowTasks.RowsOf(experts));
            for (int row = begin; row < last; row++)
            {
                (int sequence, int t) = Math.DivRem(row, time);
                if (t >= start[sequence] && t < end[sequence])
                    Row(scratches[worker], dlogits + (long)row * experts, logits + (long)row * experts);
            }
        }

        private void Row(float* p, float* dl, float* l)
        {
            Softmax.Row(p, l, experts);
            Vector512<float> sum = Vector512<float>.Zero;
            for (int e = 0; e < experts; e += Lanes.Count)
                sum = Vector512.FusedMultiplyAdd(Lanes.Load(p + e, experts - e), Lanes.Load(slopes + e, experts - e), sum);
            Vector512<float> mean = Vector512.Create(Lanes.Sum(sum));
            for (int e = 0; e < experts; e += Lanes.Count)
            {
                int left = experts - e;
                Vector512<float> share = Lanes.Load(p + e, left) * (Lanes.Load(slopes + e, left) - mean);
                Lanes.Store(Lanes.Load(dl + e, left) + share, dl + e, left);
            }
        }
    }
}
