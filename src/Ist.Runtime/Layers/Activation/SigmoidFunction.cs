using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

/// <summary>f(x) = 1 / (1 + e^-x), f'(x) = f(x) (1 - f(x)).</summary>
internal readonly struct SigmoidFunction : ILaneFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => Exponential.Sigmoid(x, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> s = Exponential.Sigmoid(x, out Vector512<float> complement);
        return s * complement;
    }

    /// <inheritdoc/>
    public static float Value(float x) => GpuMath.Sigmoid(x, out _);

    /// <inheritdoc/>
    public static float Slope(float x)
    {
        float s = GpuMath.Sigmoid(x, out float complement);
        return s * complement;
    }
}
