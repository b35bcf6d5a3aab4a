using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class InterleavedRotary
{
    private readonly struct TurnJob(
        Into into, float* to, float* from, int* positions, float* cosines, float* sines, float direction, int rows, int width, int headSize,
        int turned)
        : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width));
            for (int row = begin; row < end; row++)
            {
                long angles = (long)positions[row] * (turned / 2);
                for (long at = (long)row * width; at < (row + 1L) * width; at += headSize)
                {
                    Head(to + at, from + at, cosines + angles, sines + angles);
                    Rotary.Pass(into, to + at + turned, from + at + turned, headSize - turned);
                }
            }
        }

        private void Head(float* to, float* from, float* cosine, float* sine)
        {
            Vector512<float> sign = Vector512.Create(-direction, direction, -direction, direction, -direction, direction, -direction, direction,
                -direction, direction, -direction, direction, -direction, direction, -direction, direction);
            for (int i = 0; i < turned; i += Lanes.Count)
            {
                int left = turned - i;
                Vector512<float> x = Lanes.Load(from + i, left), c = Twice(cosine + i / 2, left / 2), s = Twice(sine + i / 2, left / 2) * sign;
                Vector512<float> y = Vector512.FusedMultiplyAdd(x, c, Swapped(x) * s);
                Lanes.Store(into == Into.Set ? y : Lanes.Load(to + i, left) + y, to + i, left);
            }
        }

        // (x1, x0, x3, x2, …)
        private static Vector512<float> Swapped(Vector512<float> x) =>
            Vector512.Shuffle(x, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));

        // Each of eight elements, or of what is left of them, twice.
        private static Vector512<float> Twice(float* from, int left)
        {
            Vector512<float> eight = left >= Lanes.Count / 2 ? Vector256.Load(from).ToVector512() : Lanes.Load(from, left);
            return Vector512.Shuffle(eight, Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7));
        }
    }
}
