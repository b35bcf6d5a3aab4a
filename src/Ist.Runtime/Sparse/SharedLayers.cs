namespace Ist.Runtime.Sparse;

/// <summary>
/// Forward passes that differ in the adapter scales of some layers do the same in all layers below the first of these. In the right order
/// each pass can begin where it parts from the one before.
/// </summary>
internal static class SharedLayers
{
    /// <summary>
    /// The order of passes that shares most: that of their scales, compared from the lowest layer up, so that those which begin alike are
    /// neighbours.
    /// </summary>
    /// <param name="adapterScales">For each pass the scales of the layers.</param>
    /// <param name="order">The passes in their order.</param>
    public static void Order(float[][] adapterScales, Span<int> order)
    {
        for (int k = 0; k < order.Length; k++)
        {
            int at = k;
            for (; at > 0 && adapterScales[k].AsSpan().SequenceCompareTo(adapterScales[order[at - 1]]) < 0; at--)
                order[at] = order[at - 1];
            order[at] = k;
        }
    }

    /// <summary>The first layer that a pass must compute after another one; 0 where the input of that layer is not kept.</summary>
    /// <param name="before">The scales of the pass before; null where there is none.</param>
    /// <param name="scales">The pass's own.</param>
    /// <param name="lowestKept">The lowest layer whose input a forward pass leaves.</param>
    public static int First(float[]? before, float[] scales, int lowestKept)
    {
        int first = before is null ? 0 : before.AsSpan().CommonPrefixLength(scales);
        return first < lowestKept ? 0 : first;
    }
}
