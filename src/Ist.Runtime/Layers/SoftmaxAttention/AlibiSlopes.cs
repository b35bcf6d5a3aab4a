namespace Ist.Runtime.Layers;

/// <summary>
/// Attention with linear biases (Press et al., arXiv 2108.12409): slope x (position of the key - position of the query) is added to a
/// score. With n heads, n a power of two, head h (from 0) has the slope 2^(-8 (h + 1) / n). Other counts take those of the next lower
/// power of two, then every other one of the next higher, as <c>build_alibi_tensor</c> of transformers' BLOOM does. That one adds
/// slope x position of the key, which differs by a number that all scores of a row have in common and so leaves their softmax as it is.
/// </summary>
public static class AlibiSlopes
{
    /// <summary>The slope of a head.</summary>
    /// <param name="heads">How many there are.</param>
    /// <param name="head">Which, from 0.</param>
    public static float Of(int heads, int head)
    {
        int power = Power(heads);
        return (float)(head < power ? Math.Pow(2, -8.0 * (head + 1) / power) : Math.Pow(2, -4.0 * (2 * (head - power) + 1) / power));
    }

    /// <summary>The largest power of two that is not above the number of heads.</summary>
    internal static int Power(int heads)
    {
        int power = 1;
        while (power <= heads / 2)
            power *= 2;
        return power;
    }
}
