using System.Runtime.Intrinsics;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Peft;

internal sealed unsafe partial class PrefixEncoder
{
    private void Fill(float* rows, float* row, int width)
    {
        for (int position = 0; position < _count; position++)
            new Span<float>(row, width).CopyTo(new Span<float>(rows + (long)position * width, width));
    }

    private void AddRows(float* sum, float* rows, int width)
    {
        for (int position = 0; position < _count; position++)
        {
            float* row = rows + (long)position * width;
            for (int i = 0; i < width; i += Lanes.Count)
                Lanes.Store(Lanes.Load(sum + i, width - i) + Lanes.Load(row + i, width - i), sum + i, width - i);
        }
    }

    private static void Tanh(float* x, int count)
    {
        for (int i = 0; i < count; i += Lanes.Count)
            Lanes.Store(HyperbolicTangent.Tanh(Lanes.Load(x + i, count - i)), x + i, count - i);
    }

    private static void BackwardTanh(float* dx, float* y, int count)
    {
        for (int i = 0; i < count; i += Lanes.Count)
        {
            int left = count - i;
            Vector512<float> t = Lanes.Load(y + i, left);
            Lanes.Store(Lanes.Load(dx + i, left) * (Vector512<float>.One - t * t), dx + i, left);
        }
    }

    /// <summary>y = W x + b, on one thread: for a file, where there is no run.</summary>
    private static void Apply(float* y, float* x, float* weight, float* bias, int outputs, int inputs)
    {
        for (int o = 0; o < outputs; o++)
        {
            float* w = weight + (long)o * inputs;
            Vector512<float> sum = Vector512<float>.Zero;
            for (int i = 0; i < inputs; i += Lanes.Count)
                sum = Vector512.FusedMultiplyAdd(Lanes.Load(w + i, inputs - i), Lanes.Load(x + i, inputs - i), sum);
            y[o] = bias[o] + Lanes.Sum(sum);
        }
    }
}
