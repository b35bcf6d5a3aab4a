using Ist.Runtime.Tensors;

namespace Ist.Runtime.Devices;

/// <summary>
/// One piece of device memory from which all buffers of a run are cut. The same layout code runs twice: first over an
/// arena that only counts (<see cref="Measure"/>), then over one with memory of exactly that size.
/// </summary>
public sealed unsafe class Arena : IDisposable
{
    private const int Alignment = 64;

    private readonly Device? _device;
    private byte* _memory;
    private readonly long _size;
    private long _used;

    private Arena(Purpose purpose, Widths widths, int sequences, int time, Device? device, long size)
    {
        if ((long)sequences * time > int.MaxValue)
            throw new InputException($"A batch of {sequences} sequences of {time} tokens is too large; lower the (micro-)batch size or the maximal length.");
        Purpose = purpose;
        Widths = widths;
        Sequences = sequences;
        Time = time;
        _device = device;
        _size = size;
        _memory = device is null ? null : (byte*)device.Allocate(size);
    }

    /// <summary>What the buffers are for.</summary>
    public Purpose Purpose { get; }

    /// <summary>Whether every layer keeps its own activations, because a backward pass follows.</summary>
    public bool KeepsLayers => Purpose == Purpose.Training;

    /// <summary>The model's widths.</summary>
    public Widths Widths { get; }

    /// <summary>The most sequences in a batch.</summary>
    public int Sequences { get; }

    /// <summary>The most tokens in a sequence.</summary>
    public int Time { get; }

    /// <summary>The most tokens in a batch.</summary>
    public int Rows => Sequences * Time;

    /// <summary>What was asked for so far, by kind.</summary>
    public MemoryPlan Plan { get; } = new();

    /// <summary>True while the arena only counts; its buffers then have no address.</summary>
    public bool Measuring => _device is null;

    /// <summary>Counts what a layout asks for, without allocating.</summary>
    public static MemoryPlan Measure(Purpose purpose, Widths widths, int sequences, int time, Action<Arena> layout)
    {
        var arena = new Arena(purpose, widths, sequences, time, null, long.MaxValue);
        layout(arena);
        return arena.Plan;
    }

    /// <summary>Allocates what a layout asks for, in one piece, and lays it out.</summary>
    /// <exception cref="InputException">The batch has more rows than can be counted.</exception>
    /// <exception cref="RunException">The device has not so much memory.</exception>
    public static Arena Create(Device device, Purpose purpose, Widths widths, int sequences, int time, Action<Arena> layout)
    {
        long size = Measure(purpose, widths, sequences, time, layout).Total;
        var arena = new Arena(purpose, widths, sequences, time, device, size);
        try
        {
            layout(arena);
            return arena;
        }
        catch
        {
            arena.Dispose();
            throw;
        }
    }

    /// <summary>Activations that the backward pass reads.</summary>
    public Act<W> Saved<W>() where W : IWidth => Rowwise<W>(Widths.Of<W>(), MemoryKind.SavedActivations);

    /// <summary>Activations that the backward pass reads, of a width that a layer or slot says.</summary>
    public Act<W> Saved<W>(int width) where W : IWidth => Rowwise<W>(width, MemoryKind.SavedActivations);

    /// <summary>Values that live within a step.</summary>
    public Act<W> Scratch<W>() where W : IWidth => Rowwise<W>(Widths.Of<W>(), MemoryKind.Scratch);

    /// <summary>Values that live within a step, of a width that a layer or slot says.</summary>
    public Act<W> Scratch<W>(int width) where W : IWidth => Rowwise<W>(width, MemoryKind.Scratch);

    /// <summary>Whole numbers that the backward pass reads.</summary>
    public Ids<W> SavedIds<W>() where W : IWidth => SavedIds<W>(Widths.Of<W>());

    /// <summary>Whole numbers that the backward pass reads, of a width that a layer or slot says.</summary>
    public Ids<W> SavedIds<W>(int width) where W : IWidth => SavedIds<W>(width, Rows);

    /// <summary>A row for each token of the batch.</summary>
    public Act<W> Rowwise<W>(int width, MemoryKind kind) where W : IWidth => Rowwise<W>(width, kind, Rows);

    /// <summary>Buffers with a row for each sequence of the batch.</summary>
    public SequenceArena BySequence => new(this);

    internal Act<W> Rowwise<W>(int width, MemoryKind kind, int rows) where W : IWidth => new(Floats((long)rows * width, kind), width);

    // An int takes the place of a float.
    internal Ids<W> SavedIds<W>(int width, int rows) where W : IWidth => new((int*)Floats((long)rows * width, MemoryKind.SavedActivations), width);

    /// <summary>Plain floats, zero at first.</summary>
    public float* Floats(long count, MemoryKind kind)
    {
        long bytes = (checked(count * sizeof(float)) + Alignment - 1) / Alignment * Alignment;
        Plan.Add(kind, bytes);
        if (Measuring)
            return null;
        ObjectDisposedException.ThrowIf(_memory is null, this);
        if (_used + bytes > _size)
            throw new InvalidOperationException("The layout asked for more than was measured; it must ask for the same both times.");
        byte* at = _memory + _used;
        _used += bytes;
        return (float*)at;
    }

    /// <summary>Gives the memory back; every buffer cut from it is then gone.</summary>
    public void Dispose()
    {
        if (_memory is null)
            return;
        _device!.Free(_memory);
        _memory = null;
    }
}
