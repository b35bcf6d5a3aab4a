using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Rotary
{
    private const int GpuThreads = 256;

    /// <summary>Turns each pair of a head: its first elements stand <paramref name="step"/> apart, and the second of each <paramref name="partner"/> behind its first.</summary>
    internal static void Turn(
        IlgpuDevice gpu, Into into, float* to, float* from, int* positions, RotaryTable table, float direction, int rows, int width, RotaryAngles angles,
        int step, int partner)
    {
        long count = (long)rows * width, tabled = (long)angles.Positions * (angles.Turned / 2);
        gpu.For(rows, GpuThreads, new GpuTurn(
            (int)into, gpu.Values(to, count), gpu.Values(from, count), gpu.View(positions, rows), gpu.View(table.Cosines, tabled), gpu.View(table.Sines, tabled),
            direction, width, angles.HeadSize, angles.Turned / 2, step, partner));
    }

    /// <summary>A group is a row; a thread takes a pair of a head, or an element that is not turned.</summary>
    internal readonly struct GpuTurn(
        int into, Values to, Values from, ArrayView<int> positions, ArrayView<float> cosines, ArrayView<float> sines, float direction,
        int width, int headSize, int pairs, int step, int partner) : IGpuJob
    {
        public void Execute()
        {
            long row = (long)Grid.IdxX * width, angles = (long)positions[Grid.IdxX] * pairs;
            int each = headSize - pairs;
            for (int i = Group.IdxX; i < width / headSize * each; i += Group.DimX)
            {
                int head = i / each, within = i - head * each;
                long at = row + head * headSize;
                if (within >= pairs)
                {
                    Put(at + within + pairs, from[at + within + pairs]);
                    continue;
                }
                at += within * step;
                float a = from[at], b = from[at + partner], c = cosines[angles + within], s = sines[angles + within] * direction;
                Put(at, a * c - b * s);
                Put(at + partner, b * c + a * s);
            }
        }

        private void Put(long at, float value) => to.Set(at, into == (int)Into.Add ? to[at] + value : value);
    }
}
