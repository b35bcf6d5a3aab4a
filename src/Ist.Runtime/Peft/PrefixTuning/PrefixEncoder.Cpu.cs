using System.Runtime.Intrinsics;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Peft;

/// <content>On one thread: for a file, where there is no run.</content>
internal sealed unsafe partial class PrefixEncoder
{
    private static void Tanh(float* x, int width)
    {
        for (int i = 0; i < width; i += Lanes.Count)
            Lanes.Store(HyperbolicTangent.Tanh(Lanes.Load(x + i, width - i)), x + i, width - i);
    }

    /// <summary>y = W x + b.</summary>
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
