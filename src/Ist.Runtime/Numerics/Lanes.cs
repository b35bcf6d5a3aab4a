using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary>
/// Sums in a fixed order of sixteen lanes: element i goes to lane i mod 16, and the lanes are added in pairs at the end. So a
/// sum has the same bits on every machine, whatever the width of its vectors.
/// </summary>
internal static unsafe class Lanes
{
    public const int Count = 16;

    /// <summary>The sum of x[i] y[i].</summary>
    public static float Dot(float* x, float* y, int count)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        int i = 0;
        for (; i <= count - Count; i += Count)
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), sum);
        if (i < count)
            sum = Vector512.FusedMultiplyAdd(LoadPart(x + i, count - i), LoadPart(y + i, count - i), sum);
        return Sum(sum);
    }

    /// <summary>The lanes added in pairs.</summary>
    public static float Sum(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    /// <summary>The first elements, the other lanes zero.</summary>
    public static Vector512<float> LoadPart(float* x, int count)
    {
        float* part = stackalloc float[Count];
        for (int i = 0; i < Count; i++)
            part[i] = i < count ? x[i] : 0;
        return Vector512.Load(part);
    }
}
