using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class InterleavedRotary
{
    private const int GpuThreads = 256;

    private static void Turn(
        IlgpuDevice gpu, Into into, float* to, float* from, int* positions, RotaryTable table, float direction, int rows, int width, RotaryAngles angles)
    {
        long count = (long)rows * width, tabled = (long)angles.Positions * (angles.Turned / 2);
        gpu.For(rows, GpuThreads, new GpuTurn(
            (int)into, gpu.View(to, count), gpu.View(from, count), gpu.View(positions, rows), gpu.View(table.Cosines, tabled), gpu.View(table.Sines, tabled),
            direction, width, angles.HeadSize, angles.Turned / 2));
    }

    /// <summary>A group is a row; a thread takes a pair of a head, or an element that is not turned.</summary>
    internal readonly struct GpuTurn(
        int into, ArrayView<float> to, ArrayView<float> from, ArrayView<int> positions, ArrayView<float> cosines, ArrayView<float> sines, float direction,
        int width, int headSize, int pairs) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width, angles = (long)positions[Grid.IdxX] * pairs;
            int each = headSize - pairs;
            for (int i = Group.IdxX; i < width / headSize * each; i += Group.DimX)
            {
                int head = i / each, within = i - head * each;
                long at = row + head * headSize + within;
                if (within >= pairs)
                {
                    Put(at + pairs, from[at + pairs]);
                    continue;
                }
                at += within;
                float a = from[at], b = from[at + 1], c = cosines[angles + within], s = sines[angles + within] * direction;
                Put(at, a * c - b * s);
                Put(at + 1, b * c + a * s);
            }
        }

        private void Put(long at, float value) => to[at] = into == (int)Into.Add ? to[at] + value : value;
    }
}
