using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Layers;

/// <summary>f(x) = max(x, 0)^2, f'(x) = 2 max(x, 0).</summary>
internal readonly struct ReluSquaredFunction : ILaneFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x)
    {
        Vector512<float> positive = Vector512.Max(x, Vector512<float>.Zero);
        return positive * positive;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> positive = Vector512.Max(x, Vector512<float>.Zero);
        return positive + positive;
    }

    /// <inheritdoc/>
    public static float Value(float x) => x < 0 ? 0 : x * x;

    /// <inheritdoc/>
    public static float Slope(float x) => x < 0 ? 0 : x + x;
}
