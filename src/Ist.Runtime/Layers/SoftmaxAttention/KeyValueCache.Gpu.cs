using ILGPU;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public sealed unsafe partial class KeyValueCache
{
    /// <summary>Puts the batch's keys and values behind those that are there already, on a GPU.</summary>
    /// <exception cref="InvalidOperationException">They don't fit.</exception>
    internal void Append(IlgpuDevice gpu, Batch batch, float* keys, float* values)
    {
        RequireRoom(batch);
        long count = (long)batch.Rows * Width;
        gpu.For(new Index3D(batch.Time, batch.Sequences, 1), Quads.Threads(Width), new GpuAppend(
            gpu.Values(Keys, Count), gpu.Values(Values, Count), gpu.Values(keys, count), gpu.Values(values, count), batch.Past, Capacity, Width));
    }

    /// <summary>A group copies a token.</summary>
    internal readonly struct GpuAppend(
        Values toKeys, Values toValues, Values keys, Values values, int past, int capacity, int width) : IGpuJob
    {
        public void Execute()
        {
            long to = ((long)Grid.IdxY * capacity + past + Grid.IdxX) * width, from = ((long)Grid.IdxY * Grid.DimX + Grid.IdxX) * width;
            bool aligned = Quads.Align(width);
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                Quads.Store(Quads.Load(keys, from + i, width - i, aligned), toKeys, to + i, width - i, aligned);
                Quads.Store(Quads.Load(values, from + i, width - i, aligned), toValues, to + i, width - i, aligned);
            }
        }
    }
}
