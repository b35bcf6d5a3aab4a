using Ist.Runtime.Tensors;

namespace Ist.Runtime.Devices;

/// <summary>An arena's buffers with a row for each sequence of the batch.</summary>
public readonly struct SequenceArena(Arena arena)
{
    /// <summary>Activations that the backward pass reads.</summary>
    public Act<W> Saved<W>() where W : IWidth => Saved<W>(arena.Widths.Of<W>());

    /// <summary>Activations that the backward pass reads, of a width that a layer or slot says.</summary>
    public Act<W> Saved<W>(int width) where W : IWidth => Rowwise<W>(width, MemoryKind.SavedActivations);

    /// <summary>Whole numbers that the backward pass reads.</summary>
    public Ids<W> SavedIds<W>() where W : IWidth => arena.SavedIds<W>(arena.Widths.Of<W>(), arena.Sequences);

    /// <summary>Values that live within a step.</summary>
    public Act<W> Scratch<W>() where W : IWidth => Scratch<W>(arena.Widths.Of<W>());

    /// <summary>Values that live within a step, of a width that a layer or slot says.</summary>
    public Act<W> Scratch<W>(int width) where W : IWidth => Rowwise<W>(width, MemoryKind.Scratch);

    /// <summary>A row for each sequence of the batch.</summary>
    public Act<W> Rowwise<W>(int width, MemoryKind kind) where W : IWidth => arena.Rowwise<W>(width, kind, arena.Sequences);
}
