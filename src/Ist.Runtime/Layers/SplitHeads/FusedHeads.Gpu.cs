using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

internal static unsafe partial class FusedHeads
{
    private static void Split(IlgpuDevice gpu, float* query, float* key, float* value, float* fused, int rows, int groups, int queryWidth, int keyWidth)
    {
        int q = queryWidth / groups, k = keyWidth / groups, width = queryWidth + 2 * keyWidth;
        gpu.For(rows, Quads.Threads(width), new GpuSplit(
            gpu.Values(query, (long)rows * queryWidth), gpu.Values(key, (long)rows * keyWidth), gpu.Values(value, (long)rows * keyWidth),
            gpu.Values(fused, (long)rows * width), groups, q, k));
    }

    private static void Join(
        IlgpuDevice gpu, Into into, float* fused, float* query, float* key, float* value, int rows, int groups, int queryWidth, int keyWidth)
    {
        int q = queryWidth / groups, k = keyWidth / groups, width = queryWidth + 2 * keyWidth;
        gpu.For(rows, Quads.Threads(width), new GpuJoin(
            (int)into, gpu.Values(fused, (long)rows * width), gpu.Values(query, (long)rows * queryWidth), gpu.Values(key, (long)rows * keyWidth),
            gpu.Values(value, (long)rows * keyWidth), groups, q, k));
    }

    // Four elements stand together in all rows where the parts of a head have a multiple of four; elsewhere a thread takes one.
    private static int Together(int q, int k) => Quads.Align(q | k) ? 4 : 1;

    /// <summary>A group is a row; q and k are the widths of a part.</summary>
    internal readonly struct GpuSplit(
        Values query, Values key, Values value, Values fused, int groups, int q, int k) : IGpuJob
    {
        public void Execute()
        {
            int some = Together(q, k), part = q + 2 * k, width = groups * part;
            for (int i = some * Group.IdxX; i < width; i += some * Group.DimX)
            {
                int group = i / part, within = i - group * part;
                long of = (long)Grid.IdxX * groups + group;
                Quad x = Quads.Load(fused, (long)Grid.IdxX * width + i, some, some == 4);
                if (within < q)
                    Quads.Store(x, query, of * q + within, some, some == 4);
                else if (within < q + k)
                    Quads.Store(x, key, of * k + within - q, some, some == 4);
                else
                    Quads.Store(x, value, of * k + within - q - k, some, some == 4);
            }
        }
    }

    /// <summary>A group is a row; q and k are the widths of a part.</summary>
    internal readonly struct GpuJoin(
        int into, Values fused, Values query, Values key, Values value, int groups, int q, int k) : IGpuJob
    {
        public void Execute()
        {
            int some = Together(q, k), part = q + 2 * k, width = groups * part;
            for (int i = some * Group.IdxX; i < width; i += some * Group.DimX)
            {
                int group = i / part, within = i - group * part;
                long of = (long)Grid.IdxX * groups + group;
                Quad x;
                if (within < q)
                    x = Quads.Load(query, of * q + within, some, some == 4);
                else if (within < q + k)
                    x = Quads.Load(key, of * k + within - q, some, some == 4);
                else
                    x = Quads.Load(value, of * k + within - q - k, some, some == 4);
                Quads.Put(x, into == (int)Into.Add, fused, (long)Grid.IdxX * width + i, some, some == 4);
            }
        }
    }
}
