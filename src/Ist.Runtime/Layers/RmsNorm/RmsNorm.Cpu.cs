using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class RmsNorm
{
    private const int RowsPerTask = 16;
    private const int ColumnsPerTask = 64;

    private static void ForwardCpu(Run run, float* y, float* rstd, float* x, Weight w, int width, float epsilon) =>
        run.Cpu.For(RowTasks(run), new ForwardJob(y, rstd, x, WideWeight.Of(w), run.Rows, width, epsilon));

    private static void BackwardCpu(Run run, Into into, float* dx, float* dy, float* x, float* rstd, Weight w, int width) =>
        run.Cpu.For(RowTasks(run), new BackwardJob(into, dx, dy, x, rstd, WideWeight.Of(w), run.Rows, width));

    private static void BackwardWeightsCpu(Run run, float* dw, float* dy, float* x, float* rstd, int width) =>
        run.Cpu.For((width + ColumnsPerTask - 1) / ColumnsPerTask, new WeightsJob(dw, dy, x, rstd, run.Rows, width));

    private static int RowTasks(Run run) => (run.Rows + RowsPerTask - 1) / RowsPerTask;

    private readonly struct ForwardJob(float* y, float* rstd, float* x, WideWeight w, int rows, int width, float epsilon) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            for (int row = task * RowsPerTask; row < Math.Min(rows, (task + 1) * RowsPerTask); row++)
            {
                float* from = x + (long)row * width;
                float* to = y + (long)row * width;
                float r = 1 / MathF.Sqrt(Lanes.Dot(from, from, width) / width + epsilon);
                rstd[row] = r;
                int i = 0;
                for (; i <= width - Lanes.Count; i += Lanes.Count)
                    (w.Load16(i) * (Vector512.Load(from + i) * Vector512.Create(r))).Store(to + i);
                for (; i < width; i++)
                    to[i] = w[i] * (from[i] * r);
            }
        }
    }

    private readonly struct BackwardJob(Into into, float* dx, float* dy, float* x, float* rstd, WideWeight w, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            for (int row = task * RowsPerTask; row < Math.Min(rows, (task + 1) * RowsPerTask); row++)
            {
                long at = (long)row * width;
                float r = rstd[row];
                float share = Mean(dy + at, x + at) * r * r * r;
                for (int i = 0; i < width; i++)
                {
                    float value = r * w[i] * dy[at + i] - share * x[at + i];
                    dx[at + i] = into == Into.Set ? value : dx[at + i] + value;
                }
            }
        }

        private float Mean(float* g, float* n)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            int i = 0;
            for (; i <= width - Lanes.Count; i += Lanes.Count)
                sum = Vector512.FusedMultiplyAdd(w.Load16(i) * Vector512.Load(g + i), Vector512.Load(n + i), sum);
            float rest = 0;
            for (; i < width; i++)
                rest = MathF.FusedMultiplyAdd(w[i] * g[i], n[i], rest);
            return (Lanes.Sum(sum) + rest) / width;
        }
    }

    private readonly struct WeightsJob(float* dw, float* dy, float* x, float* rstd, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int end = Math.Min(width, (task + 1) * ColumnsPerTask);
            for (int row = 0; row < rows; row++)
            {
                long at = (long)row * width;
                for (int i = task * ColumnsPerTask; i < end; i++)
                    dw[i] = MathF.FusedMultiplyAdd(dy[at + i], x[at + i] * rstd[row], dw[i]);
            }
        }
    }
}
