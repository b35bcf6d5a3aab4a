using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary>The softmax of a short row, with the same bits on every machine.</summary>
internal static unsafe class Softmax
{
    /// <summary>p = e^(x - max x) / sum of e^(x - max x); p may be x.</summary>
    public static void Row(float* p, float* x, int count)
    {
        Vector512<float> max = Vector512.Create(Lanes.Max(x, count));
        for (int i = 0; i < count; i += Lanes.Count)
            Lanes.Store(Exponential.Exp(Lanes.Load(x + i, count - i) - max), p + i, count - i);
        Vector512<float> sum = Vector512<float>.Zero;
        for (int i = 0; i < count; i += Lanes.Count)
            sum += Lanes.Load(p + i, count - i);
        Vector512<float> scale = Vector512.Create(1 / Lanes.Sum(sum));
        for (int i = 0; i < count; i += Lanes.Count)
            Lanes.Store(Lanes.Load(p + i, count - i) * scale, p + i, count - i);
    }
}
