using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary>
/// The standard normal distribution, sixteen arguments at a time, with the same bits on every machine. With u = |x| and
/// t = 1 / (1 + u / 4), the tail is Phi(-u) = e^(-u^2 / 2) t Q(t), where Q is a polynomial of degree 9 that interpolates
/// e^(u^2 / 2) Phi(-u) / t in the Chebyshev nodes of 0 to 14 with a relative error of 1.2e-8. The largest relative error measured
/// in Phi is 3.1e-7, in both tails.
/// </summary>
internal static class NormalDistribution
{
    // e^(-u^2 / 2) is 0 in F32 from 13.3 on; a larger u would only bring infinities in.
    private const float Farthest = 20;

    private const float InverseRootOfTwoPi = 0.398942280f;

    /// <summary>Phi(x) = (1 + erf(x / sqrt(2))) / 2, and the density phi(x) = e^(-x^2 / 2) / sqrt(2 pi).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Cumulative(Vector512<float> x, out Vector512<float> density)
    {
        Vector512<float> u = Vector512.Min(Vector512.Abs(x), Vector512.Create(Farthest));
        Vector512<float> square = u * u, rest = Vector512.FusedMultiplyAdd(u, u, -square), half = Vector512.Create(0.5f);
        // What the square loses in rounding would be multiplied by as much in the exponential.
        Vector512<float> bell = Exponential.Exp(-half * square) * Vector512.FusedMultiplyAdd(rest, -half, Vector512<float>.One);
        Vector512<float> t = Vector512<float>.One / Vector512.FusedMultiplyAdd(u, Vector512.Create(0.25f), Vector512<float>.One);
        Vector512<float> q = Vector512.Create(0.0153836031f);
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-0.0563454628f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.0366152562f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.0483180843f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-0.00367795932f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.0953755677f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.0690116361f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.0961508676f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.0994166210f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.0997517928f));
        Vector512<float> tail = bell * (t * q);
        density = bell * Vector512.Create(InverseRootOfTwoPi);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, Vector512<float>.One - tail);
    }
}
