using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

/// <summary>f(x) = x s, f'(x) = s (1 + x (1 - s)), with s = 1 / (1 + e^-x).</summary>
internal readonly struct SiluFunction : ILaneFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * Exponential.Sigmoid(x, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> s = Exponential.Sigmoid(x, out Vector512<float> complement);
        return s * Vector512.FusedMultiplyAdd(x, complement, Vector512<float>.One);
    }

    /// <inheritdoc/>
    public static float Value(float x) => x * GpuMath.Sigmoid(x, out _);

    /// <inheritdoc/>
    public static float Slope(float x)
    {
        float s = GpuMath.Sigmoid(x, out float complement);
        return s * (x * complement + 1);
    }
}
