namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>What becomes of what stands in C, where a kernel of its own is worth it: <see cref="Setting"/> or <see cref="Adding"/>.</summary>
internal interface IUpdate
{
    /// <summary>Whether sums are added to it.</summary>
    static abstract bool Adds { get; }
}
