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
    public void WithoutReplacement(ReadOnlySpan<double> weights, Span<int> drawn)
    {
        for (int n = 0; n < drawn.Length; n++)
            drawn[n] = One(weights, drawn[..n]);
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
