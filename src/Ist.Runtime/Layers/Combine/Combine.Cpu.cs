using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Combine
{
    private readonly struct ForwardJob(float* y, float* x, float* weights, RouteTable table, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
            {
                long first = (long)row * table.PerRow;
                for (int i = 0; i < width; i += Lanes.Count)
                {
                    int left = width - i;
                    Vector512<float> sum = Vector512<float>.Zero;
                    for (int j = 0; j < table.PerRow; j++)
                    {
                        Vector512<float> made = Lanes.Load(x + (long)table.Places[first + j] * width + i, left);
                        sum = Vector512.FusedMultiplyAdd(Vector512.Create(weights[first + j]), made, sum);
                    }
                    Lanes.Store(sum, y + (long)row * width + i, left);
                }
            }
        }
    }

    /// <summary>A task owns some choices; a choice has a place and a weight of its own.</summary>
    private readonly struct BackwardJob(
        Into into, float* dx, float* dweights, float* dy, float* x, float* weights, RouteTable table, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(table.Count, begin + RowTasks.RowsOf(width));
            for (int choice = begin; choice < end; choice++)
            {
                long at = (long)table.Places[choice] * width;
                float dot = Choice(dx + at, dy + (long)(choice / table.PerRow) * width, x + at, weights[choice]);
                dweights[choice] = into == Into.Set ? dot : dweights[choice] + dot;
            }
        }

        private float Choice(float* to, float* from, float* made, float weight)
        {
            Vector512<float> scale = Vector512.Create(weight), dot = Vector512<float>.Zero;
            for (int i = 0; i < width; i += Lanes.Count)
            {
                int left = width - i;
                Vector512<float> d = Lanes.Load(from + i, left), share = scale * d;
                dot = Vector512.FusedMultiplyAdd(d, Lanes.Load(made + i, left), dot);
                Lanes.Store(into == Into.Set ? share : Lanes.Load(to + i, left) + share, to + i, left);
            }
            return Lanes.Sum(dot);
        }
    }
}
