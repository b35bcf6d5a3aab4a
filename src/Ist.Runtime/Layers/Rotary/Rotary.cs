using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// In each head, with h its size: y_i = x_i cos - x_{i+h/2} sin, y_{i+h/2} = x_{i+h/2} cos + x_i sin, i below h/2. Backward: the
/// turn by the opposite angle.
/// </summary>
public static unsafe class Rotary
{
    private const int RowsPerTask = 32;

    /// <summary>y = x, turned by its position.</summary>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, Rotary<D> rotary) where D : IWidth =>
        Turn(run, Into.Set, y, x, rotary, 1);

    /// <summary>dx = dy, turned back.</summary>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Rotary<D> rotary) where D : IWidth =>
        Turn(run, Into.Set, dx, dy, rotary, -1);

    /// <summary>dx += dy, turned back.</summary>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Rotary<D> rotary) where D : IWidth =>
        Turn(run, Into.Add, dx, dy, rotary, -1);

    private static void Turn<D>(Run run, Into into, Act<D> y, Act<D> x, Rotary<D> rotary, float sign) where D : IWidth =>
        run.Cpu.For((run.Rows + RowsPerTask - 1) / RowsPerTask, new Job(
            into, y.Data, x.Data, rotary.Angles.Cosines, rotary.Angles.Sines, run.Batch.Positions, run.Rows, x.Width, rotary.Angles.HeadSize, sign));

    private readonly struct Job(
        Into into, float* y, float* x, float* cosines, float* sines, int* positions, int rows, int width, int headSize, float sign) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int half = headSize / 2;
            for (int row = task * RowsPerTask; row < Math.Min(rows, (task + 1) * RowsPerTask); row++)
            {
                float* cos = cosines + (long)positions[row] * half;
                float* sin = sines + (long)positions[row] * half;
                for (int head = 0; head < width; head += headSize)
                {
                    float* from = x + (long)row * width + head;
                    float* to = y + (long)row * width + head;
                    for (int i = 0; i < half; i++)
                    {
                        float low = from[i], high = from[i + half], s = sign * sin[i];
                        float lower = low * cos[i] - high * s, upper = high * cos[i] + low * s;
                        to[i] = into == Into.Set ? lower : to[i] + lower;
                        to[i + half] = into == Into.Set ? upper : to[i + half] + upper;
                    }
                }
            }
        }
    }
}
