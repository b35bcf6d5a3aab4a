namespace Ist.Runtime.Tensors;

/// <summary>What happens to what stands in a result already.</summary>
public enum Into
{
    /// <summary>It is overwritten.</summary>
    Set,

    /// <summary>It is added to.</summary>
    Add,
}
