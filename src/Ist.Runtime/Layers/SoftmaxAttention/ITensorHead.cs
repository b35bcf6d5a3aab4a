namespace Ist.Runtime.Layers;

/// <summary>How wide attention's tiles on tensor cores are.</summary>
internal interface ITensorHead
{
    /// <summary>Elements of a row of a tile; those that a head lacks are 0.</summary>
    static abstract int Wide { get; }
}
