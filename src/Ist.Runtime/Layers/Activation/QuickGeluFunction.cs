using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

/// <summary>f(x) = x s, f'(x) = s (1 + 1.702 x (1 - s)), with s = 1 / (1 + e^(-1.702 x)).</summary>
internal readonly struct QuickGeluFunction : ILaneFunction
{
    private const float Steepness = 1.702f;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * Exponential.Sigmoid(Vector512.Create(Steepness) * x, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> scaled = Vector512.Create(Steepness) * x, s = Exponential.Sigmoid(scaled, out Vector512<float> complement);
        return s * Vector512.FusedMultiplyAdd(scaled, complement, Vector512<float>.One);
    }

    /// <inheritdoc/>
    public static float Value(float x) => x * GpuMath.Sigmoid(Steepness * x, out _);

    /// <inheritdoc/>
    public static float Slope(float x)
    {
        float scaled = Steepness * x, s = GpuMath.Sigmoid(scaled, out float complement);
        return s * (scaled * complement + 1);
    }
}
