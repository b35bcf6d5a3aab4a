namespace Ist.Runtime.Sparse;

/// <summary>In which order block coordinate descent comes to the layers.</summary>
public enum BlockOrder
{
    /// <summary>Each pass over the layers in a random order of its own.</summary>
    Random,

    /// <summary>From the lowest to the highest.</summary>
    Ascending,

    /// <summary>From the highest to the lowest.</summary>
    Descending,
}
