using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Dropout
{
    private static void Apply(Run run, Into into, float* y, float* x, long count, float p, uint site)
    {
        // One key per seed, one counter space per step, micro-batch and place; four elements share one Philox block.
        ulong high = ((ulong)(uint)run.Step << 32) | ((ulong)(uint)run.MicroBatch << 16) ^ site;
        if (run.Gpu is { } gpu)
        {
            Apply(gpu, into, y, x, count, p, RandomKey.For(run.Seed, RandomUse.Dropout), high);
            return;
        }
        var job = new Job(into, y, x, count, p, RandomKey.For(run.Seed, RandomUse.Dropout), high);
        run.Cpu.For(RowTasks.Count(count), job);
    }

    private readonly struct Job(Into into, float* y, float* x, long count, float p, ulong key, ulong high) : ICpuJob
    {
        private readonly uint _threshold = (uint)(p * 4294967296.0);
        private readonly float _scale = 1 / (1 - p);

        public void Execute(int task, int worker)
        {
            long begin = (long)task * RowTasks.Elements, end = Math.Min(count, begin + RowTasks.Elements);
            Span<uint> block = stackalloc uint[4];
            for (long at = begin; at < end; at += 4)
            {
                Philox.Block(key, high, (ulong)at / 4, block);
                for (int lane = 0; lane < 4 && at + lane < end; lane++)
                {
                    float kept = block[lane] < _threshold ? 0 : x[at + lane] * _scale;
                    y[at + lane] = into == Into.Set ? kept : y[at + lane] + kept;
                }
            }
        }
    }
}
