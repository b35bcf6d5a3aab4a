using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

public static unsafe partial class CausalAttention
{
    private const int BlockKeys = 128;

    private static void ForwardCpu(Run run, in Shape shape, float* y, float* lse, float* q, float* k, float* v) =>
        run.Cpu.For(shape.Sequences * shape.Heads, new ForwardJob(shape, y, lse, q, k, v, run.Cpu.Scratches));

    private static void BackwardCpu(
        Run run, in Shape shape, float* dq, float* dk, float* dv, float* dy, float* y, float* q, float* k, float* v, float* lse, float* delta) =>
        run.Cpu.For(shape.Sequences * shape.KeyValueHeads, new BackwardJob(shape, dq, dk, dv, dy, y, q, k, v, lse, delta, run.Cpu.Scratches));

    /// <summary>One head's keys of a block, transposed to [head size, <see cref="BlockKeys"/>], so that a product with a query runs over keys.</summary>
    private static void Transpose(float* to, float* from, int count, int headSize, int stride)
    {
        for (int d = 0; d < headSize; d++)
        {
            for (int j = 0; j < count; j++)
                to[d * BlockKeys + j] = from[(long)j * stride + d];
            for (int j = count; j < (count + Lanes.Count - 1) / Lanes.Count * Lanes.Count; j++)
                to[d * BlockKeys + j] = 0;
        }
    }

    /// <summary>to[j] = scale * x k_j for the keys of a block.</summary>
    private static void Scores(float* to, float* x, float* keys, int count, int headSize, float scale)
    {
        for (int j = 0; j < count; j += Lanes.Count)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (int d = 0; d < headSize; d++)
                sum = Vector512.FusedMultiplyAdd(Vector512.Create(x[d]), Vector512.Load(keys + d * BlockKeys + j), sum);
            (sum * Vector512.Create(scale)).Store(to + j);
        }
    }

    /// <summary>to += factor * x.</summary>
    private static void AddScaled(float* to, float* x, float factor, int count)
    {
        int i = 0;
        for (; i <= count - Lanes.Count; i += Lanes.Count)
            Vector512.FusedMultiplyAdd(Vector512.Create(factor), Vector512.Load(x + i), Vector512.Load(to + i)).Store(to + i);
        for (; i < count; i++)
            to[i] = MathF.FusedMultiplyAdd(factor, x[i], to[i]);
    }

    private static void Scale(float* x, float factor, int count)
    {
        for (int i = 0; i < count; i++)
            x[i] *= factor;
    }

    private readonly struct ForwardJob(Shape shape, float* y, float* lse, float* q, float* k, float* v, float** scratch) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int b = task / shape.Heads, head = task % shape.Heads, size = shape.HeadSize;
            int start = shape.Start[b], end = shape.End[b], past = shape.Past;
            float* keys = scratch[worker];
            float* scores = keys + size * BlockKeys;
            float* sums = scores + BlockKeys;
            float* sequenceKeys = k + (long)b * shape.KeyTime * shape.KeyWidth + head / shape.Group * size;
            float* sequenceValues = v + (long)b * shape.KeyTime * shape.KeyWidth + head / shape.Group * size;
            for (int t = 0; t < shape.Time; t++)
            {
                new Span<float>(Output(b, t, head), size).Clear();
                *Maximum(b, t, head) = t >= start && t < end ? float.NegativeInfinity : 0;
                sums[t] = 0;
            }
            for (int j0 = start; j0 < past + end; j0 += BlockKeys)
            {
                int block = Math.Min(BlockKeys, past + end - j0);
                Transpose(keys, sequenceKeys + (long)j0 * shape.KeyWidth, block, size, shape.KeyWidth);
                for (int t = Math.Max(start, j0 - past); t < end; t++)
                {
                    int count = Math.Min(block, past + t - j0 + 1);
                    float* query = q + ((long)b * shape.Time + t) * shape.Width + head * size;
                    Scores(scores, query, keys, count, size, shape.Scale);
                    Add(Output(b, t, head), Maximum(b, t, head), sums + t, scores, sequenceValues + (long)j0 * shape.KeyWidth, count);
                }
            }
            for (int t = start; t < end; t++)
            {
                Scale(Output(b, t, head), 1 / sums[t], size);
                *Maximum(b, t, head) += MathF.Log(sums[t]);
            }
        }

        private float* Output(int b, int t, int head) => y + ((long)b * shape.Time + t) * shape.Width + head * shape.HeadSize;

        // lse holds the running maximum until the row is finished.
        private float* Maximum(int b, int t, int head) => lse + ((long)b * shape.Time + t) * shape.Heads + head;

        private void Add(float* to, float* maximum, float* sum, float* scores, float* values, int count)
        {
            float before = *maximum, now = before;
            for (int j = 0; j < count; j++)
                now = MathF.Max(now, scores[j]);
            if (now > before)
            {
                float factor = MathF.Exp(before - now);
                Scale(to, factor, shape.HeadSize);
                *sum *= factor;
                *maximum = now;
            }
            for (int j = 0; j < count; j += Lanes.Count)
                Vector512.Exp(Vector512.Load(scores + j) - Vector512.Create(now)).Store(scores + j);
            for (int j = 0; j < count; j++)
            {
                *sum += scores[j];
                AddScaled(to, values + (long)j * shape.KeyWidth, scores[j], shape.HeadSize);
            }
        }
    }

    private readonly struct BackwardJob(
        Shape shape, float* dq, float* dk, float* dv, float* dy, float* y, float* q, float* k, float* v, float* lse, float* delta, float** scratch) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int b = task / shape.KeyValueHeads, keyHead = task % shape.KeyValueHeads, size = shape.HeadSize;
            int start = shape.Start[b], end = shape.End[b];
            float* keys = scratch[worker];
            float* values = keys + size * BlockKeys;
            float* p = values + size * BlockKeys;
            float* ds = p + BlockKeys;
            for (int t = 0; t < shape.Time; t++)
            {
                new Span<float>(dk + Key(b, t, keyHead), size).Clear();
                new Span<float>(dv + Key(b, t, keyHead), size).Clear();
                for (int head = keyHead * shape.Group; head < (keyHead + 1) * shape.Group; head++)
                {
                    long at = Query(b, t, head);
                    new Span<float>(dq + at, size).Clear();
                    delta[((long)b * shape.Time + t) * shape.Heads + head] = Lanes.Dot(dy + at, y + at, size);
                }
            }
            for (int j0 = start; j0 < end; j0 += BlockKeys)
            {
                int block = Math.Min(BlockKeys, end - j0);
                Transpose(keys, k + Key(b, j0, keyHead), block, size, shape.KeyWidth);
                Transpose(values, v + Key(b, j0, keyHead), block, size, shape.KeyWidth);
                for (int head = keyHead * shape.Group; head < (keyHead + 1) * shape.Group; head++)
                {
                    for (int t = Math.Max(start, j0); t < end; t++)
                        AddGradients(b, t, head, keyHead, j0, Math.Min(block, t - j0 + 1), keys, values, p, ds);
                }
            }
        }

        private void AddGradients(int b, int t, int head, int keyHead, int j0, int count, float* keys, float* values, float* p, float* ds)
        {
            int size = shape.HeadSize;
            long at = Query(b, t, head), row = ((long)b * shape.Time + t) * shape.Heads + head;
            Scores(p, q + at, keys, count, size, shape.Scale);
            Scores(ds, dy + at, values, count, size, 1);
            for (int j = 0; j < count; j += Lanes.Count)
            {
                Vector512<float> probability = Vector512.Exp(Vector512.Load(p + j) - Vector512.Create(lse[row]));
                probability.Store(p + j);
                (probability * (Vector512.Load(ds + j) - Vector512.Create(delta[row])) * Vector512.Create(shape.Scale)).Store(ds + j);
            }
            for (int j = 0; j < count; j++)
            {
                long key = Key(b, j0 + j, keyHead);
                AddScaled(dq + at, k + key, ds[j], size);
                AddScaled(dk + key, q + at, ds[j], size);
                AddScaled(dv + key, dy + at, p[j], size);
            }
        }

        private long Query(int b, int t, int head) => ((long)b * shape.Time + t) * shape.Width + head * shape.HeadSize;

        private long Key(int b, int t, int head) => ((long)b * shape.Time + t) * shape.KeyWidth + head * shape.HeadSize;
    }
}
