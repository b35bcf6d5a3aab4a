using System.Runtime.Intrinsics;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>The rows of a batch that hold a prompt's virtual tokens (<see cref="Batch.PromptRows"/>); other rows stay as they are.</summary>
internal static unsafe class PromptRows
{
    /// <summary>y[the i-th row of each sequence] = rows[i].</summary>
    public static void Forward<D>(Run run, Act<D> y, float* rows) where D : IWidth
    {
        Batch batch = run.Batch;
        for (int sequence = 0; sequence < batch.Sequences; sequence++)
        {
            int count = batch.PromptRows * y.Width;
            new Span<float>(rows, count).CopyTo(new Span<float>(y.Data + First(batch, sequence) * y.Width, count));
        }
    }

    /// <summary>drows[i] += dy[the i-th row of each sequence], sequence by sequence.</summary>
    public static void Backward<D>(Run run, float* drows, Act<D> dy) where D : IWidth
    {
        Batch batch = run.Batch;
        int count = batch.PromptRows * dy.Width;
        for (int sequence = 0; sequence < batch.Sequences; sequence++)
        {
            float* from = dy.Data + First(batch, sequence) * dy.Width;
            for (int i = 0; i < count; i += Lanes.Count)
            {
                Vector512<float> sum = Lanes.Load(drows + i, count - i) + Lanes.Load(from + i, count - i);
                Lanes.Store(sum, drows + i, count - i);
            }
        }
    }

    private static long First(Batch batch, int sequence) => (long)sequence * batch.Time + batch.Start[sequence];
}
