namespace Ist.Runtime.Tensors;

/// <summary>
/// Whole numbers that a layer gives, such as the experts that a router chose: one row per row of the run, each
/// <see cref="Width"/> numbers, in device memory. They have no gradient.
/// </summary>
/// <typeparam name="W">What a row is.</typeparam>
public readonly unsafe struct Ids<W>(int* data, int width) where W : IWidth
{
    /// <summary>The first number; row r begins at <c>Data + r * Width</c>.</summary>
    public int* Data { get; } = data;

    /// <summary>Numbers in a row.</summary>
    public int Width { get; } = width;
}
