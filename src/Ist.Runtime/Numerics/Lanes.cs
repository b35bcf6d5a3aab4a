using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary>
/// Sixteen floats at a time, on every machine: where vectors are shorter, .NET does the same in halves. So a reduction has the
/// same order everywhere: element i goes to lane i mod 16, and the lanes are added up as a tree.
/// </summary>
internal static unsafe class Lanes
{
    /// <summary>How many.</summary>
    public const int Count = 16;

    /// <summary>The elements at <paramref name="from"/>, at most sixteen; the lanes beyond <paramref name="left"/> are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* from, int left) => left >= Count ? Vector512.Load(from) : LoadRest(from, left);

    /// <summary>Stores the first <paramref name="left"/> lanes, at most sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, float* to, int left)
    {
        if (left >= Count)
            lanes.Store(to);
        else
            StoreRest(lanes, to, left);
    }

    /// <summary>The sum of the lanes.</summary>
    public static float Sum(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    /// <summary>The sum of the lanes.</summary>
    public static double Sum(Vector512<double> lanes)
    {
        Vector256<double> four = lanes.GetLower() + lanes.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }

    /// <summary>The largest of the first <paramref name="count"/> elements, at least one.</summary>
    public static float Max(float* from, int count)
    {
        float max = from[0];
        int i = 0;
        if (count >= Count)
        {
            Vector512<float> lanes = Vector512.Load(from);
            for (i = Count; i <= count - Count; i += Count)
                lanes = Vector512.Max(lanes, Vector512.Load(from + i));
            Vector256<float> eight = Vector256.Max(lanes.GetLower(), lanes.GetUpper());
            Vector128<float> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
            max = MathF.Max(MathF.Max(four[0], four[2]), MathF.Max(four[1], four[3]));
        }
        for (; i < count; i++)
            max = MathF.Max(max, from[i]);
        return max;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> LoadRest(float* from, int left)
    {
        float* sixteen = stackalloc float[Count];
        for (int i = 0; i < Count; i++)
            sixteen[i] = i < left ? from[i] : 0;
        return Vector512.Load(sixteen);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreRest(Vector512<float> lanes, float* to, int left)
    {
        float* sixteen = stackalloc float[Count];
        lanes.Store(sixteen);
        for (int i = 0; i < left; i++)
            to[i] = sixteen[i];
    }
}
