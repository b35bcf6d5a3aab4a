using System.Runtime.Intrinsics;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    /// <summary>Scores s of a row become cap tanh(s / cap) + slope x distance, where the model has a cap or slopes.</summary>
    /// <param name="scores">The row's scores.</param>
    /// <param name="columns">How many.</param>
    /// <param name="heads">What the model has.</param>
    /// <param name="slope">The head's slope.</param>
    /// <param name="distance">The first score's column, counted from the row's own.</param>
    private static void Bend(float* scores, int columns, Heads heads, float slope, int distance)
    {
        if (heads.Cap != 0)
        {
            Vector512<float> cap = Vector512.Create(heads.Cap), inverse = Vector512.Create(1 / heads.Cap);
            for (int i = 0; i < columns; i += Lanes.Count)
            {
                int left = columns - i;
                Lanes.Store(cap * HyperbolicTangent.Tanh(Lanes.Load(scores + i, left) * inverse), scores + i, left);
            }
        }
        if (heads.Inclined)
        {
            for (int i = 0; i < columns; i += Lanes.Count)
                Lanes.Store(Incline(Lanes.Load(scores + i, columns - i), slope, distance + i), scores + i, columns - i);
        }
    }

    /// <summary>
    /// As <see cref="Slopes"/>, of scores that are not capped yet: with t = tanh(s / cap), P = e^(cap t + slope x distance - lse) and
    /// dS = P (dP - delta) (1 - t^2), 0 where the row does not see.
    /// </summary>
    private static void CappedSlopes(
        float* weights, float* slopes, int hidden, int visible, int columns, float lse, float delta, float cap, float slope, int distance)
    {
        Vector512<float> shift = Vector512.Create(lse), mean = Vector512.Create(delta), most = Vector512.Create(cap), inverse = Vector512.Create(1 / cap);
        for (int i = hidden; i < visible; i += Lanes.Count)
        {
            int left = visible - i;
            Vector512<float> t = HyperbolicTangent.Tanh(Lanes.Load(weights + i, left) * inverse);
            Vector512<float> p = Exponential.Exp(Incline(most * t, slope, distance + i) - shift);
            Lanes.Store(p * (Lanes.Load(slopes + i, left) - mean) * (Vector512<float>.One - t * t), slopes + i, left);
            Lanes.Store(p, weights + i, left);
        }
        Clear(weights, hidden, visible, columns);
        Clear(slopes, hidden, visible, columns);
    }

    private static Vector512<float> Incline(Vector512<float> scores, float slope, int distance) =>
        Vector512.FusedMultiplyAdd(Vector512.CreateSequence((float)distance, 1f), Vector512.Create(slope), scores);
}
