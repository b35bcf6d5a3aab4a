namespace Ist.Runtime.Tensors;

/// <summary>
/// Activations: one row per token of the batch, each <see cref="Width"/> floats, in device memory, or on a card as many BF16
/// values, whose address counts as one of floats. A view; the arena owns the memory. How many rows are in use is the run's matter
/// (<see cref="Devices.Run.Rows"/>), so that a buffer made for the longest batch serves a shorter one.
/// </summary>
/// <typeparam name="W">What a row is.</typeparam>
public readonly unsafe struct Act<W>(float* data, int width) where W : IWidth
{
    /// <summary>The first element; row r begins at <c>Data + r * Width</c>.</summary>
    public float* Data { get; } = data;

    /// <summary>Elements in a row.</summary>
    public int Width { get; } = width;

    /// <summary>The same activations, for code that works on any width.</summary>
    public Act<Own> Untyped => new(Data, Width);

    /// <summary>The rows from this one on.</summary>
    public Act<W> From(int row) => new(Data + (long)row * Width, Width);

    /// <summary>One row, for reading and writing on the CPU.</summary>
    public Span<float> Row(int row) => new(Data + (long)row * Width, Width);

    /// <summary>The first rows as one span, for reading and writing on the CPU.</summary>
    public Span<float> Rows(int count) => new(Data, checked(count * Width));
}
