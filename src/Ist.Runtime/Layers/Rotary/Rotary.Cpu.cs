using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class Rotary
{
    private readonly struct TurnJob(
        Into into, float* to, float* from, int* positions, float* cosines, float* sines, float direction, int rows, int width, int headSize,
        int turned)
        : IMeasuredJob
    {
        public JobWork Work => new(0, (into == Into.Set ? 2.0 : 3.0) * rows * width * sizeof(float));

        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(width), end = Math.Min(rows, begin + RowTasks.RowsOf(width)), half = turned / 2;
            for (int row = begin; row < end; row++)
            {
                long angles = (long)positions[row] * half;
                for (long at = (long)row * width; at < (row + 1L) * width; at += headSize)
                {
                    Head(to + at, from + at, cosines + angles, sines + angles, half);
                    Pass(into, to + at + turned, from + at + turned, headSize - turned);
                }
            }
        }

        private void Head(float* to, float* from, float* cosine, float* sine, int half)
        {
            Vector512<float> sign = Vector512.Create(direction);
            for (int i = 0; i < half; i += Lanes.Count)
            {
                int left = half - i;
                Vector512<float> a = Lanes.Load(from + i, left), b = Lanes.Load(from + half + i, left);
                Vector512<float> c = Lanes.Load(cosine + i, left), s = Lanes.Load(sine + i, left) * sign;
                Vector512<float> first = Vector512.FusedMultiplyAdd(a, c, -(b * s)), second = Vector512.FusedMultiplyAdd(b, c, a * s);
                if (into == Into.Add)
                {
                    first += Lanes.Load(to + i, left);
                    second += Lanes.Load(to + half + i, left);
                }
                Lanes.Store(first, to + i, left);
                Lanes.Store(second, to + half + i, left);
            }
        }
    }
}
