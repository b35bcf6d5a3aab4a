using System.Runtime.Intrinsics;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>The rows of a batch that hold a prompt's virtual tokens (<see cref="Batch.PromptRows"/>); other rows stay as they are.</summary>
internal static unsafe partial class PromptRows
{
    /// <summary>y[the i-th row of each segment] = rows[i].</summary>
    public static void Forward<D>(Run run, Act<D> y, float* rows) where D : IWidth
    {
        Batch batch = run.Batch;
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, batch, y.Data, rows, y.Width);
            return;
        }
        run.Cpu.For(batch.Segments, new ForwardJob(y.Data, rows, batch.SegmentRows, batch.SegmentStart, batch.PromptRows, y.Width));
    }

    /// <summary>drows[i] += dy[the i-th row of each segment], segment by segment.</summary>
    public static void Backward<D>(Run run, float* drows, Act<D> dy) where D : IWidth
    {
        Batch batch = run.Batch;
        if (run.Gpu is { } gpu)
        {
            Backward(gpu, batch, drows, dy.Data, dy.Width);
            return;
        }
        run.Cpu.For(batch.PromptRows, new BackwardJob(drows, dy.Data, batch.SegmentRows, batch.SegmentStart, batch.Segments, dy.Width));
    }

    private readonly struct ForwardJob(float* y, float* rows, int* first, int* start, int count, int width) : ICpuJob
    {
        public void Execute(int task, int worker) => new Span<float>(rows, count * width)
            .CopyTo(new Span<float>(y + ((long)first[task] + start[task]) * width, count * width));
    }

    /// <summary>A task is one row of the prompt.</summary>
    private readonly struct BackwardJob(float* drows, float* dy, int* first, int* start, int segments, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            float* sum = drows + (long)task * width;
            for (int segment = 0; segment < segments; segment++)
            {
                float* from = dy + ((long)first[segment] + start[segment] + task) * width;
                for (int i = 0; i < width; i += Lanes.Count)
                {
                    Vector512<float> both = Lanes.Load(sum + i, width - i) + Lanes.Load(from + i, width - i);
                    Lanes.Store(both, sum + i, width - i);
                }
            }
        }
    }
}
