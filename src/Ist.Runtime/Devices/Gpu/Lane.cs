using ILGPU;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Sums over the threads of a warp or a group, in a fixed order, so that a run can be repeated bit by bit. Groups are one-dimensional
/// and have a multiple of 32 threads, at most 1024; all of them call.
/// </summary>
internal static class Lane
{
    /// <summary>Threads of a warp.</summary>
    public const int Count = 32;

    /// <summary>The thread's place in its warp.</summary>
    public static int Index => Group.IdxX & (Count - 1);

    /// <summary>The warp's place in its group.</summary>
    public static int Warp => Group.IdxX / Count;

    /// <summary>The sum over the warp, which every thread gets.</summary>
    public static float Sum(float value)
    {
        value += ILGPU.Warp.ShuffleXor(value, 16);
        value += ILGPU.Warp.ShuffleXor(value, 8);
        value += ILGPU.Warp.ShuffleXor(value, 4);
        value += ILGPU.Warp.ShuffleXor(value, 2);
        return value + ILGPU.Warp.ShuffleXor(value, 1);
    }

    /// <summary>The sum over the warp, which every thread gets.</summary>
    public static double Sum(double value)
    {
        value += ILGPU.Warp.ShuffleXor(value, 16);
        value += ILGPU.Warp.ShuffleXor(value, 8);
        value += ILGPU.Warp.ShuffleXor(value, 4);
        value += ILGPU.Warp.ShuffleXor(value, 2);
        return value + ILGPU.Warp.ShuffleXor(value, 1);
    }

    /// <summary>The sums over the warp, which every thread gets.</summary>
    public static Quad Sum(Quad value) => new(Sum(value.X), Sum(value.Y), Sum(value.Z), Sum(value.W));

    /// <summary>The sums over two lanes, whose indices differ in one bit: the one without it gets those of the lower quads, the other those of the upper ones.</summary>
    public static QuadBlock HalfSum(QuadBlock lower, QuadBlock upper, int bit) => new()
    {
        A = HalfSum(lower.A, upper.A, bit),
        B = HalfSum(lower.B, upper.B, bit),
        C = HalfSum(lower.C, upper.C, bit),
        D = HalfSum(lower.D, upper.D, bit),
    };

    /// <summary>The same of one quad each.</summary>
    public static Quad HalfSum(Quad lower, Quad upper, int bit) =>
        new(HalfSum(lower.X, upper.X, bit), HalfSum(lower.Y, upper.Y, bit), HalfSum(lower.Z, upper.Z, bit), HalfSum(lower.W, upper.W, bit));

    private static float HalfSum(float lower, float upper, int bit)
    {
        bool keepsUpper = (Index & bit) != 0;
        return (keepsUpper ? upper : lower) + ILGPU.Warp.ShuffleXor(keepsUpper ? lower : upper, bit);
    }

    /// <summary>The largest of the warp, which every thread gets; NaN is passed over.</summary>
    public static float Max(float value)
    {
        value = IntrinsicMath.Max(value, ILGPU.Warp.ShuffleXor(value, 16));
        value = IntrinsicMath.Max(value, ILGPU.Warp.ShuffleXor(value, 8));
        value = IntrinsicMath.Max(value, ILGPU.Warp.ShuffleXor(value, 4));
        value = IntrinsicMath.Max(value, ILGPU.Warp.ShuffleXor(value, 2));
        return IntrinsicMath.Max(value, ILGPU.Warp.ShuffleXor(value, 1));
    }

    /// <summary>The sum over the group, which every thread gets.</summary>
    public static float GroupSum(float value)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(Count);
        value = Sum(value);
        if (Index == 0)
            sums[Warp] = value;
        Group.Barrier();
        value = Sum(Index < Group.DimX / Count ? sums[Index] : 0);
        Group.Barrier();
        return value;
    }

    /// <summary>The sum over the group, which every thread gets.</summary>
    public static double GroupSum(double value)
    {
        ArrayView<double> sums = SharedMemory.Allocate<double>(Count);
        value = Sum(value);
        if (Index == 0)
            sums[Warp] = value;
        Group.Barrier();
        value = Sum(Index < Group.DimX / Count ? sums[Index] : 0);
        Group.Barrier();
        return value;
    }

    /// <summary>
    /// What the threads at the same place of each warp have together, in the order of the warps, for the first warp; the others get
    /// nothing that counts. A group has at most 8 warps.
    /// </summary>
    public static float SumOfWarps(float value)
    {
        ArrayView<float> values = SharedMemory.Allocate<float>(8 * Count);
        values[Group.IdxX] = value;
        Group.Barrier();
        float sum = 0;
        for (int i = Index; i < Group.DimX && Warp == 0; i += Count)
            sum += values[i];
        Group.Barrier();
        return sum;
    }

    /// <summary>The largest of the group, which every thread gets; NaN is passed over.</summary>
    public static float GroupMax(float value)
    {
        ArrayView<float> largest = SharedMemory.Allocate<float>(Count);
        value = Max(value);
        if (Index == 0)
            largest[Warp] = value;
        Group.Barrier();
        value = Max(Index < Group.DimX / Count ? largest[Index] : float.NegativeInfinity);
        Group.Barrier();
        return value;
    }
}
