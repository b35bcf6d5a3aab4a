using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

/// <summary>f(x) = x Phi(x), f'(x) = Phi(x) + x phi(x), with the standard normal distribution and its density.</summary>
internal readonly struct GeluFunction : ILaneFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Value(Vector512<float> x) => x * NormalDistribution.Cumulative(x, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Slope(Vector512<float> x)
    {
        Vector512<float> cumulative = NormalDistribution.Cumulative(x, out Vector512<float> density);
        return Vector512.FusedMultiplyAdd(x, density, cumulative);
    }

    /// <inheritdoc/>
    public static float Value(float x) => x * GpuMath.Normal(x, out _);

    /// <inheritdoc/>
    public static float Slope(float x)
    {
        float cumulative = GpuMath.Normal(x, out float density);
        return x * density + cumulative;
    }
}
