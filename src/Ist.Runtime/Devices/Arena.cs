using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Devices;

/// <summary>
/// One piece of device memory from which all buffers of a run are cut. The same layout code runs twice: first over an
/// arena that only counts (<see cref="Measure"/>), then over one with memory of
/// exactly that size. At its end lie the buffers that share space because their lives don't overlap (<see cref="LiveLayout"/>).
/// </summary>
public sealed unsafe class Arena : IDisposable
{
    private const int Alignment = 64;

    private readonly Device? _device;
    private byte* _memory;
    private readonly LiveLayout _lives;
    private long _used;
    private int _shared;

    private Arena(Purpose purpose, Widths widths, int sequences, int time, KeptLayers? kept, int tileRows, Precision precision, LiveLayout lives, Device? device, long size)
    {
        if ((long)sequences * time > int.MaxValue)
            throw new InputException($"A batch of {sequences} sequences of {time} tokens is too large; lower the (micro-)batch size or the maximal length.");
        ArgumentOutOfRangeException.ThrowIfLessThan(tileRows, 1);
        Purpose = purpose;
        Kept = purpose == Purpose.Training ? kept ?? KeptLayers.All : KeptLayers.None;
        Widths = widths;
        Sequences = sequences;
        Time = time;
        TileRows = Math.Min(tileRows, Rows);
        Activations = precision == Precision.BF16 ? DType.BF16 : DType.F32;
        _lives = lives;
        _device = device;
        Size = size;
        _memory = device is null ? null : (byte*)device.Allocate(size);
    }

    /// <summary>What the buffers are for.</summary>
    public Purpose Purpose { get; }

    /// <summary>What the layers of the stack keep for a backward pass.</summary>
    public KeptLayers Kept { get; }

    /// <summary>Bytes of the arena's memory; of one that only counts, what it has counted.</summary>
    public long Size { get; private set; }

    /// <summary>What the backward pass reads: each buffer has memory of its own, where a backward pass follows at all.</summary>
    public BufferSpace Keeping => new(this, Purpose == Purpose.Training ? Kept : null, pass: 0);

    /// <summary>What lives within the forward pass.</summary>
    public BufferSpace Forward => new(this, null, pass: 0);

    /// <summary>What lives within the backward pass.</summary>
    public BufferSpace Backward => new(this, null, pass: 2);

    /// <summary>The model's widths.</summary>
    public Widths Widths { get; }

    /// <summary>The most sequences in a batch.</summary>
    public int Sequences { get; }

    /// <summary>The most tokens in a sequence.</summary>
    public int Time { get; }

    /// <summary>The most tokens in a batch.</summary>
    public int Rows => Sequences * Time;

    /// <summary>The most rows in a tile (<see cref="Tiles"/>).</summary>
    public int TileRows { get; }

    /// <summary>In what values and gradients of layers are stored.</summary>
    public DType Activations { get; }

    /// <summary>What was asked for so far, by kind.</summary>
    public MemoryPlan Plan { get; } = new();

    /// <summary>True while the arena only counts; its buffers then have no address.</summary>
    public bool Measuring => _device is null;

    /// <summary>What has the memory.</summary>
    /// <exception cref="InvalidOperationException">The arena only counts.</exception>
    internal Device Device => _device ?? throw new InvalidOperationException("An arena that only counts has no device.");

    /// <summary>The memory of all buffers that share space, on the CPU.</summary>
    internal Span<float> SharedFloats => new(_memory + Size - _lives.Size, checked((int)(_lives.Size / sizeof(float))));

    /// <summary>Counts what a layout asks for, without allocating.</summary>
    /// <param name="purpose">What the buffers are for.</param>
    /// <param name="widths">The model's widths.</param>
    /// <param name="sequences">The most sequences in a batch.</param>
    /// <param name="time">The most tokens in a sequence.</param>
    /// <param name="layout">Asks.</param>
    /// <param name="kept">What layers keep for the backward pass of a training step; null where a step may train all of them.</param>
    /// <param name="tileRows">The most rows of a tile.</param>
    /// <param name="precision">The run's; activations are BF16 for that.</param>
    public static MemoryPlan Measure(
        Purpose purpose, Widths widths, int sequences, int time, Action<Arena> layout, KeptLayers? kept = null, int tileRows = Tiles.MostRows,
        Precision precision = Precision.F32) => Measured(purpose, widths, sequences, time, layout, kept, tileRows, precision).Plan;

    /// <summary>Allocates what a layout asks for, in one piece, and lays it out.</summary>
    /// <param name="device">Has the memory.</param>
    /// <param name="purpose">What the buffers are for.</param>
    /// <param name="widths">The model's widths.</param>
    /// <param name="sequences">The most sequences in a batch.</param>
    /// <param name="time">The most tokens in a sequence.</param>
    /// <param name="layout">Asks, twice.</param>
    /// <param name="kept">What layers keep for the backward pass of a training step; null where a step may train all of them.</param>
    /// <param name="tileRows">The most rows of a tile.</param>
    /// <param name="precision">The run's; activations are BF16 for that.</param>
    /// <exception cref="InputException">The batch has more rows than can be counted.</exception>
    /// <exception cref="RunException">The device has not so much memory.</exception>
    public static Arena Create(
        Device device, Purpose purpose, Widths widths, int sequences, int time, Action<Arena> layout, KeptLayers? kept = null, int tileRows = Tiles.MostRows,
        Precision precision = Precision.F32)
    {
        Arena measured = Measured(purpose, widths, sequences, time, layout, kept, tileRows, precision);
        var arena = new Arena(purpose, widths, sequences, time, kept, tileRows, precision, measured._lives, device, measured.Size);
        try
        {
            layout(arena);
            arena.Plan.Add(MemoryKind.Scratch, arena._lives.Size);
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

    /// <summary>Values that live within a step.</summary>
    public Act<W> Scratch<W>() where W : IWidth => Rowwise<W>(Widths.Of<W>(), MemoryKind.Scratch);

    /// <summary>Values that live within a step, of a width that a layer or slot says.</summary>
    public Act<W> Scratch<W>(int width) where W : IWidth => Rowwise<W>(width, MemoryKind.Scratch);

    /// <summary>A row for each token of the batch.</summary>
    public Act<W> Rowwise<W>(int width, MemoryKind kind) where W : IWidth => Rowwise<W>(width, kind, Rows);

    /// <summary>Rows of any number.</summary>
    public Act<W> Rowwise<W>(int width, MemoryKind kind, int rows) where W : IWidth => new(Floats((long)rows * width, kind), width);

    /// <summary>Plain floats, zero at first.</summary>
    public float* Floats(long count, MemoryKind kind) => Values(count, DType.F32, kind);

    /// <summary>Values, zero at first.</summary>
    /// <param name="count">How many.</param>
    /// <param name="dtype">In what they are stored: F32, or BF16, whose address is a <see cref="BFloat16Address"/>.</param>
    /// <param name="kind">What they are.</param>
    internal float* Values(long count, DType dtype, MemoryKind kind)
    {
        long bytes = Bytes(count, dtype);
        Plan.Add(kind, bytes);
        if (Measuring)
            return Address(null, dtype);
        ObjectDisposedException.ThrowIf(_memory is null, this);
        if (_used + bytes > Size - _lives.Size)
            throw new InvalidOperationException("The layout asked for more than was measured; it must ask for the same both times.");
        byte* at = _memory + _used;
        _used += bytes;
        return Address(at, dtype);
    }

    /// <summary>Values that share space with those of other lives; what stands there at first means nothing.</summary>
    /// <param name="begin">When they are written first.</param>
    /// <param name="end">One past the time at which they are read last.</param>
    /// <param name="count">How many.</param>
    /// <param name="dtype">In what they are stored.</param>
    internal float* Shared(long begin, long end, long count, DType dtype)
    {
        long bytes = Bytes(count, dtype);
        if (Measuring)
        {
            _lives.Add(begin, end, bytes);
            return Address(null, dtype);
        }
        ObjectDisposedException.ThrowIf(_memory is null, this);
        return Address(_memory + Size - _lives.Size + _lives.Offset(_shared++, begin, end, bytes), dtype);
    }

    /// <summary>Gives the memory back; every buffer cut from it is then gone.</summary>
    public void Dispose()
    {
        if (_memory is null)
            return;
        _device!.Free(_memory);
        _memory = null;
    }

    private static Arena Measured(Purpose purpose, Widths widths, int sequences, int time, Action<Arena> layout, KeptLayers? kept, int tileRows, Precision precision)
    {
        var arena = new Arena(purpose, widths, sequences, time, kept, tileRows, precision, new LiveLayout(), null, 0);
        layout(arena);
        arena._lives.Solve();
        arena.Plan.Add(MemoryKind.Scratch, arena._lives.Size);
        arena.Size = arena.Plan.Total;
        return arena;
    }

    /// <summary>What so many values take of an arena: whole cache lines.</summary>
    internal static long Bytes(long count, DType dtype = DType.F32) => (checked(count * (dtype.BitSize / 8)) + Alignment - 1) / Alignment * Alignment;

    private static float* Address(void* real, DType dtype) => dtype == DType.BF16 ? BFloat16Address.Of(real) : (float*)real;
}
