namespace Ist.Runtime.Models;

/// <summary>
/// Something that holds of a module of every layer as soon as it holds in one of them, because layers share buffers. It is known once
/// the model is constructed.
/// </summary>
public sealed class AnyLayer
{
    /// <summary>Whether it holds.</summary>
    public bool Holds { get; private set; }

    internal void Add(bool here) => Holds |= here;
}
