using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Layers;

public static unsafe partial class FirstToken
{
    private static void Forward(IlgpuDevice gpu, float* y, float* x, int* start, int time, int sequences, int width) => gpu.For(
        sequences, Quads.Threads(width), new GpuForward(
            gpu.Values(y, (long)sequences * width), gpu.Values(x, (long)sequences * time * width), gpu.View(start, sequences), time, width));

    private static void Backward(IlgpuDevice gpu, float* dx, float* dy, int* start, int time, int sequences, int width) => gpu.For(
        sequences * time, Quads.Threads(width), new GpuBackward(
            gpu.Values(dx, (long)sequences * time * width), gpu.Values(dy, (long)sequences * width), gpu.View(start, sequences), time, width));

    /// <summary>A group is a sequence.</summary>
    internal readonly struct GpuForward(Values y, Values x, ArrayView<int> start, int time, int width) : IGpuJob
    {
        public void Execute()
        {
            long to = (long)Grid.IdxX * width, from = ((long)Grid.IdxX * time + start[Grid.IdxX]) * width;
            bool aligned = Quads.Align(width);
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
                Quads.Store(Quads.Load(x, from + i, width - i, aligned), y, to + i, width - i, aligned);
        }
    }

    /// <summary>A group is a row.</summary>
    internal readonly struct GpuBackward(Values dx, Values dy, ArrayView<int> start, int time, int width) : IGpuJob
    {
        public void Execute()
        {
            int sequence = Grid.IdxX / time;
            long to = (long)Grid.IdxX * width, from = (long)sequence * width;
            bool aligned = Quads.Align(width), isFirst = Grid.IdxX - sequence * time == start[sequence];
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
                Quads.Store(isFirst ? Quads.Load(dy, from + i, width - i, aligned) : Quad.Of(0), dx, to + i, width - i, aligned);
        }
    }
}
