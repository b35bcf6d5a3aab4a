using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Layers;

/// <summary>f(x) = max(x, 0), f'(x) = 1 where x is positive and else 0.</summary>
internal readonly struct ReluFunction : ILaneFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => Vector512.Max(x, Vector512<float>.Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), Vector512<float>.One, Vector512<float>.Zero);

    /// <inheritdoc/>
    public static float Value(float x) => x < 0 ? 0 : x;

    // With whole numbers the compiler would convert the comparison itself, whose bits ILGPU takes for those of a float.
    /// <inheritdoc/>
    public static float Slope(float x) => x > 0 ? 1f : 0f;
}
