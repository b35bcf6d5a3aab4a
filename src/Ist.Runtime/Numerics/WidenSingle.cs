using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary>F32 as it is.</summary>
internal readonly unsafe struct WidenSingle : IWidening
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scalar(void* data, long index) => ((float*)data)[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(void* data, long index) => Vector256.Load((float*)data + index);
}
