using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class InnerProduct
{
    private readonly struct PiecesJob(double* sums, float* x, float origin, float* y, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            long begin = (long)task * Elements, end = Math.Min(count, begin + Elements);
            Vector512<double> lower = Vector512<double>.Zero, upper = Vector512<double>.Zero, from = Vector512.Create((double)origin);
            for (long i = begin; i < end; i += Lanes.Count)
            {
                int left = (int)(end - i);
                Vector512<float> a = Lanes.Load(x + i, left), b = Lanes.Load(y + i, left);
                lower = Vector512.FusedMultiplyAdd(Vector512.WidenLower(a) - from, Vector512.WidenLower(b), lower);
                upper = Vector512.FusedMultiplyAdd(Vector512.WidenUpper(a) - from, Vector512.WidenUpper(b), upper);
            }
            sums[task] = Lanes.Sum(lower + upper);
        }
    }

    private readonly struct RowsJob(Into into, float* t, float* x, float* y, int rows, int width, int stride) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
            {
                float* left = x + (long)row * width, right = y + (long)row * stride;
                Vector512<float> sum = Vector512<float>.Zero;
                for (int i = 0; i < width; i += Lanes.Count)
                    sum = Vector512.FusedMultiplyAdd(Lanes.Load(left + i, width - i), Lanes.Load(right + i, width - i), sum);
                t[row] = into == Into.Set ? Lanes.Sum(sum) : t[row] + Lanes.Sum(sum);
            }
        }
    }
}
