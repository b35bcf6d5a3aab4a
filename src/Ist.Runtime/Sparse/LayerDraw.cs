using Ist.Runtime.Numerics;

namespace Ist.Runtime.Sparse;

/// <summary>
/// Random choices of layers. A counter-based source: its numbers depend on the seed, the step and their use alone, so
/// nothing has to be saved for a resumed run to draw the same.
/// </summary>
internal struct LayerDraw
{
    private readonly ulong _key;
    private readonly ulong _step;
    private ulong _next;

    /// <summary>The draws of one use within a step.</summary>
    public LayerDraw(ulong seed, int step, RandomUse use)
    {
        _key = RandomKey.For(seed, use);
        _step = (ulong)step;
    }

    /// <summary>
    /// Draws distinct layers one after another, each with a probability proportional to its weight among those that are
    /// left, as <c>torch.multinomial</c> without replacement does.
    /// </summary>
    /// <param name="weights">A weight for each layer, not negative.</param>
    /// <param name="drawn">Receives the layers in the order drawn.</param>
    /// <param name="before">How many at the beginning of <paramref name="drawn"/> are drawn already.</param>
    public void WithoutReplacement(ReadOnlySpan<double> weights, Span<int> drawn, int before = 0)
    {
        for (int n = before; n < drawn.Length; n++)
            drawn[n] = One(weights, drawn[..n]);
    }

    /// <summary>The layers with the largest weights; of equal ones the higher layers, whose backward pass is shorter.</summary>
    /// <param name="weights">A weight for each layer.</param>
    /// <param name="chosen">Receives the layers.</param>
    public static void Largest(ReadOnlySpan<double> weights, Span<int> chosen)
    {
        for (int n = 0; n < chosen.Length; n++)
        {
            int best = -1;
            for (int l = weights.Length - 1; l >= 0; l--)
            {
                if (!chosen[..n].Contains(l) && (best < 0 || weights[l] > weights[best]))
                    best = l;
            }
            chosen[n] = best;
        }
    }

    private int One(ReadOnlySpan<double> weights, ReadOnlySpan<int> taken)
    {
        double total = 0;
        for (int i = 0; i < weights.Length; i++)
            total += taken.Contains(i) ? 0 : weights[i];
        double target = Uniform.Double(_key, _step, _next++) * total;
        // Rounding, or weights so small that they add up to nothing, may leave the target unreached; then it is the last one.
        int last = -1;
        double passed = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (taken.Contains(i))
                continue;
            last = i;
            passed += weights[i];
            if (target < passed)
                break;
        }
        return last;
    }
}
