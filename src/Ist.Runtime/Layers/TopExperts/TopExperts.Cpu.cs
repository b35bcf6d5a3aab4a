using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class TopExperts
{
    private readonly struct ChooseJob(float* weights, int* chosen, float* logits, int rows, int experts, int perRow) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(experts), end = Math.Min(rows, begin + RowTasks.RowsOf(experts));
            for (int row = begin; row < end; row++)
                Row(weights + (long)row * perRow, chosen + (long)row * perRow, logits + (long)row * experts);
        }

        private void Row(float* w, int* choices, float* l)
        {
            for (int j = 0; j < perRow; j++)
            {
                choices[j] = Largest(l, new ReadOnlySpan<int>(choices, j));
                w[j] = l[choices[j]];
            }
            Softmax.Row(w, w, perRow);
        }

        private int Largest(float* l, ReadOnlySpan<int> taken)
        {
            int best = -1;
            for (int e = 0; e < experts; e++)
            {
                if (!taken.Contains(e) && (best < 0 || l[e] > l[best]))
                    best = e;
            }
            return best;
        }
    }

    private readonly struct SortJob(RouteTable table, int* begins, int experts) : ICpuJob
    {
        public void Execute(int task, int worker) => table.Sort(new Span<int>(begins, experts));
    }

    private readonly struct BackwardJob(Into into, float* dlogits, float* dweights, float* weights, RouteTable table, int rows, int experts) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(experts), end = Math.Min(rows, begin + RowTasks.RowsOf(experts));
            for (int row = begin; row < end; row++)
            {
                int first = row * table.PerRow;
                float* dl = dlogits + (long)row * experts, dw = dweights + first, w = weights + first;
                if (into == Into.Set)
                    new Span<float>(dl, experts).Clear();
                float mean = 0;
                for (int j = 0; j < table.PerRow; j++)
                    mean += w[j] * dw[j];
                for (int j = 0; j < table.PerRow; j++)
                    dl[table.Experts[table.Places[first + j]]] += w[j] * (dw[j] - mean);
            }
        }
    }
}
