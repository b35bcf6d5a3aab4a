using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Peft;

internal sealed unsafe partial class PrefixEncoder
{
    /// <summary>A task copies the row to one position.</summary>
    private readonly struct FillJob(float* rows, float* row, int width) : ICpuJob
    {
        public void Execute(int task, int worker) =>
            new Span<float>(row, width).CopyTo(new Span<float>(rows + (long)task * width, width));
    }

    /// <summary>A task owns some columns and adds the rows up in order.</summary>
    private readonly struct AddRowsJob(float* sum, float* rows, int width, int count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.Elements, end = Math.Min(width, begin + RowTasks.Elements);
            for (int position = 0; position < count; position++)
            {
                float* row = rows + (long)position * width;
                for (int i = begin; i < end; i += Lanes.Count)
                    Lanes.Store(Lanes.Load(sum + i, end - i) + Lanes.Load(row + i, end - i), sum + i, end - i);
            }
        }
    }

    private readonly struct TanhJob(float* x, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            float* row = x + (long)task * width;
            for (int i = 0; i < width; i += Lanes.Count)
                Lanes.Store(HyperbolicTangent.Tanh(Lanes.Load(row + i, width - i)), row + i, width - i);
        }
    }

    /// <summary>dx *= 1 - y^2.</summary>
    private readonly struct BackwardTanhJob(float* dx, float* y, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            long at = (long)task * width;
            for (int i = 0; i < width; i += Lanes.Count)
            {
                Vector512<float> t = Lanes.Load(y + at + i, width - i);
                Lanes.Store(Lanes.Load(dx + at + i, width - i) * (Vector512<float>.One - t * t), dx + at + i, width - i);
            }
        }
    }

    /// <summary>y = W x + b, on one thread: for a file, where there is no run.</summary>
    private static void Apply(float* y, float* x, float* weight, float* bias, int outputs, int inputs)
    {
        for (int o = 0; o < outputs; o++)
        {
            float* w = weight + (long)o * inputs;
            Vector512<float> sum = Vector512<float>.Zero;
            for (int i = 0; i < inputs; i += Lanes.Count)
                sum = Vector512.FusedMultiplyAdd(Lanes.Load(w + i, inputs - i), Lanes.Load(x + i, inputs - i), sum);
            y[o] = bias[o] + Lanes.Sum(sum);
        }
    }
}
