using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary>
/// tanh x, sixteen at a time, with the same bits on every machine: below 0.625 the polynomial of Cephes' <c>tanhf</c>, which keeps
/// small values exact to their own size, and 1 - 2 / (e^2x + 1) above.
/// </summary>
internal static class HyperbolicTangent
{
    private const float Middle = 0.625f;

    /// <summary>tanh x; NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> size = Vector512.Abs(x), square = x * x;
        Vector512<float> p = Vector512.Create(-5.70498872745e-3f);
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(2.06390887954e-2f));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(-5.37397155531e-2f));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(1.33314422036e-1f));
        p = Vector512.FusedMultiplyAdd(p, square, Vector512.Create(-3.33332819422e-1f));
        Vector512<float> inside = Vector512.FusedMultiplyAdd(p * square, x, x);
        Vector512<float> outside = Vector512<float>.One - Vector512.Create(2f) / (Exponential.Exp(size + size) + Vector512<float>.One);
        Vector512<float> sign = x & Vector512.Create(-0f);
        return Vector512.ConditionalSelect(Vector512.LessThan(size, Vector512.Create(Middle)), inside, outside | sign);
    }
}
