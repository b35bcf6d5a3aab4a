using System.Collections.Immutable;

namespace Ist.Runtime.Peft;

/// <summary>Makes <c>layers_to_transform</c> of a range.</summary>
public static class LayerIndices
{
    /// <summary>The layers of a range, such as <c>4..8</c>, or <c>^4..</c> for the last four.</summary>
    /// <param name="range">The range, its end not included.</param>
    /// <param name="layerCount">How many layers the model has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or goes beyond the model's layers.</exception>
    public static ImmutableArray<int> Of(Range range, int layerCount)
    {
        int start = range.Start.GetOffset(layerCount), end = range.End.GetOffset(layerCount);
        if (start < 0 || end > layerCount)
            throw new ArgumentOutOfRangeException(nameof(range), range, $"The model has the layers 0 to {layerCount - 1}.");
        if (start >= end)
            throw new ArgumentOutOfRangeException(nameof(range), range, $"No layer lies in this range of {layerCount} layers.");
        return [.. Enumerable.Range(start, end - start)];
    }
}
