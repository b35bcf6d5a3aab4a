namespace Ist.Runtime.Tensors;

/// <summary>Token ids, one per row of the batch.</summary>
public readonly unsafe struct Ids(int* data)
{
    /// <summary>The first id.</summary>
    public int* Data { get; } = data;
}
