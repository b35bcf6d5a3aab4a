using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

/// <summary>f(x) = x s, f'(x) = s + x s (1 - s) w', with w = 2 sqrt(2 / pi) (x + 0.044715 x^3) and s = 1 / (1 + e^-w), which is (1 + tanh(w / 2)) / 2.</summary>
internal readonly struct GeluTanhFunction : ILaneFunction
{
    private const float Steepness = 1.59576912f; // 2 sqrt(2 / pi)
    private const float Cubic = 0.044715f;

    // Beyond it s is 0 or 1, and a cube could overflow.
    private const float Farthest = 20;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * Sigmoid(x, out _, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> s = Sigmoid(x, out Vector512<float> complement, out Vector512<float> slope);
        return Vector512.FusedMultiplyAdd(x * s, complement * slope, s);
    }

    /// <inheritdoc/>
    public static float Value(float x) => x * Sigmoid(x, out _, out _);

    /// <inheritdoc/>
    public static float Slope(float x)
    {
        float s = Sigmoid(x, out float complement, out float slope);
        return x * s * (complement * slope) + s;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sigmoid(Vector512<float> x, out Vector512<float> complement, out Vector512<float> slope)
    {
        Vector512<float> near = Vector512.Max(Vector512.Min(x, Vector512.Create(Farthest)), Vector512.Create(-Farthest));
        Vector512<float> square = near * near, first = Vector512.Create(Steepness);
        slope = first * Vector512.FusedMultiplyAdd(square, Vector512.Create(3 * Cubic), Vector512<float>.One);
        return Exponential.Sigmoid(first * near * Vector512.FusedMultiplyAdd(square, Vector512.Create(Cubic), Vector512<float>.One), out complement);
    }

    private static float Sigmoid(float x, out float complement, out float slope)
    {
        float near = x > Farthest ? Farthest : x < -Farthest ? -Farthest : x, square = near * near;
        slope = Steepness * (square * (3 * Cubic) + 1);
        return GpuMath.Sigmoid(Steepness * near * (square * Cubic + 1), out complement);
    }
}
