using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

internal static unsafe partial class FusedHeads
{
    private readonly struct SplitJob(float* query, float* key, float* value, float* fused, int rows, int groups, int queryWidth, int keyWidth) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int width = queryWidth + 2 * keyWidth, q = queryWidth / groups, k = keyWidth / groups;
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            float* from = fused + (long)begin * width;
            for (long group = (long)begin * groups; group < (long)end * groups; group++)
            {
                Copy(query + group * q, from, q);
                Copy(key + group * k, from + q, k);
                Copy(value + group * k, from + q + k, k);
                from += q + 2 * k;
            }
        }

        private static void Copy(float* to, float* from, int count) => new Span<float>(from, count).CopyTo(new Span<float>(to, count));
    }

    private readonly struct JoinJob(
        Into into, float* fused, float* query, float* key, float* value, int rows, int groups, int queryWidth, int keyWidth) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int width = queryWidth + 2 * keyWidth, q = queryWidth / groups, k = keyWidth / groups;
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            float* to = fused + (long)begin * width;
            for (long group = (long)begin * groups; group < (long)end * groups; group++)
            {
                Write(to, query + group * q, q);
                Write(to + q, key + group * k, k);
                Write(to + q + k, value + group * k, k);
                to += q + 2 * k;
            }
        }

        private void Write(float* to, float* from, int count)
        {
            for (int i = 0; i < count; i += Lanes.Count)
            {
                int left = count - i;
                Lanes.Store(into == Into.Set ? Lanes.Load(from + i, left) : Lanes.Load(to + i, left) + Lanes.Load(from + i, left), to + i, left);
            }
        }
    }
}
