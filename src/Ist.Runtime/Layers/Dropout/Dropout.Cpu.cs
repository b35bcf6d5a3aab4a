using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Dropout
{
    private static void Apply(Run run, Into into, float* y, float* x, int width, float p, uint site)
    {
        // One key per seed, one counter space per step, micro-batch and place; four elements share one Philox block.
        ulong high = ((ulong)(uint)run.Step << 32) | ((ulong)(uint)run.MicroBatch << 16) ^ site;
        long first = (long)run.FirstRow * width, count = (long)run.Rows * width;
        if (run.Gpu is { } gpu)
        {
            Apply(gpu, into, y, x, first, count, p, RandomKey.For(run.Seed, RandomUse.Dropout), high);
            return;
        }
        var job = new Job(into, y, x, first, count, p, RandomKey.For(run.Seed, RandomUse.Dropout), high);
        run.Cpu.For(RowTasks.Count(count), job);
    }

    private readonly struct Job(Into into, float* y, float* x, long first, long count, float p, ulong key, ulong high) : ICpuJob
    {
        private readonly uint _threshold = (uint)(p * 4294967296.0);
        private readonly float _scale = 1 / (1 - p);

        public void Execute(int task, int worker)
        {
            long begin = (long)task * RowTasks.Elements, end = Math.Min(count, begin + RowTasks.Elements);
            Span<uint> block = stackalloc uint[4];
            for (long at = begin; at < end;)
            {
                Philox.Block(key, high, (ulong)(first + at) / 4, block);
                for (int lane = (int)((first + at) % 4); lane < 4 && at < end; lane++, at++)
                {
                    float kept = block[lane] < _threshold ? 0 : x[at] * _scale;
                    y[at] = into == Into.Set ? kept : y[at] + kept;
                }
            }
        }
    }
}
