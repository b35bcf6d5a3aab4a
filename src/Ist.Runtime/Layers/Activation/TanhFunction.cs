using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

/// <summary>f(x) = tanh(x), f'(x) = 1 / cosh(x)^2 = 4 s (1 - s), with s = 1 / (1 + e^-2x).</summary>
internal readonly struct TanhFunction : ILaneFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => HyperbolicTangent.Tanh(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> s = Exponential.Sigmoid(x + x, out Vector512<float> complement);
        return Vector512.Create(4f) * s * complement;
    }

    /// <inheritdoc/>
    public static float Value(float x) => GpuMath.Tanh(x);

    /// <inheritdoc/>
    public static float Slope(float x)
    {
        float s = GpuMath.Sigmoid(x + x, out float complement);
        return 4 * s * complement;
    }
}
