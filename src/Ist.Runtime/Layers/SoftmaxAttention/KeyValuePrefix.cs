namespace Ist.Runtime.Layers;

/// <summary>
/// Keys and values that every row of a batch sees before those of its own sequence, as if they stood in the columns right before its
/// first real token (prefix tuning, Li and Liang, arXiv 2101.00190). They are multiplied by a factor, and get gradients where
/// <see cref="KeyGradients"/> is not null.
/// </summary>
public readonly unsafe struct KeyValuePrefix
{
    /// <summary>Positions; 0 for no prefix.</summary>
    public int Count { get; init; }

    /// <summary>Floats from one position to the next, of keys, values and gradients alike.</summary>
    public int Stride { get; init; }

    /// <summary>What keys and values are multiplied by.</summary>
    public float Scale { get; init; }

    /// <summary>The keys, [count, key heads x head size].</summary>
    public float* Keys { get; init; }

    /// <summary>The values, [count, key heads x head size].</summary>
    public float* Values { get; init; }

    /// <summary>The gradients by the keys, which are added to; null for none.</summary>
    public float* KeyGradients { get; init; }

    /// <summary>The gradients by the values, which are added to; null for none.</summary>
    public float* ValueGradients { get; init; }
}
