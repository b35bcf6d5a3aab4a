using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Dropout
{
    private static void Apply(IlgpuDevice gpu, Into into, float* y, float* x, long first, long count, float p, ulong key, ulong high)
    {
        if (first % 4 != 0)
            throw gpu.Refusal.NoKernel("dropout in a tile of rows that begins within four elements of the mask");
        gpu.For(
            Quads.Groups(count), Quads.ElementThreads,
            new GpuJob((int)into, gpu.Values(y, count), gpu.Values(x, count), first, count, (uint)(p * 4294967296.0), 1 / (1 - p), key, high, Quads.Align((long)y | (long)x)));
    }

    /// <summary>A thread's four elements share one Philox block, as on the processor (<see cref="Numerics.Philox"/>).</summary>
    internal readonly struct GpuJob(
        int into, Values y, Values x, long first, long count, uint threshold, float scale, ulong key, ulong high, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long at = Quads.Element;
            if (at >= count)
                return;
            int left = (int)IntrinsicMath.Min(4, count - at);
            bool whole = aligned != 0 && left == 4;
            uint c0 = (uint)((first + at) / 4), c1 = (uint)(((first + at) / 4) >> 32), c2 = (uint)high, c3 = (uint)(high >> 32), k0 = (uint)key, k1 = (uint)(key >> 32);
            for (int round = 0; round < 10; round++)
            {
                ulong a = 0xD2511F53UL * c0, b = 0xCD9E8D57UL * c2;
                c0 = (uint)(b >> 32) ^ c1 ^ k0;
                c2 = (uint)(a >> 32) ^ c3 ^ k1;
                c1 = (uint)b;
                c3 = (uint)a;
                k0 += 0x9E3779B9;
                k1 += 0xBB67AE85;
            }
            Quad value = Quads.Load(x, at, left, whole) * scale;
            var kept = new Quad(c0 < threshold ? 0 : value.X, c1 < threshold ? 0 : value.Y, c2 < threshold ? 0 : value.Z, c3 < threshold ? 0 : value.W);
            Quads.Put(kept, into == (int)Into.Add, y, at, left, whole);
        }
    }
}
