using Ist.Runtime.Tensors;

namespace Ist.Runtime.Devices;

/// <summary>
/// What the buffers of a part are cut from. Each is asked for with its life: the step of the part's pass in which it is written
/// first and the one in which it is read last, counted as the pass makes them. A space that keeps gives each buffer memory of its
/// own, for a backward pass to read; in another one buffers share memory where their lives don't overlap.
/// </summary>
public sealed unsafe class BufferSpace
{
    /// <summary>
    /// In place of a step: while the tiles of a batch are worked on (<see cref="Tiles"/>), between its forward and its backward pass.
    /// </summary>
    public const int Tiles = -1;

    // A time is a number of this many bits for each level of nested parts, the outermost first.
    private const int BitsOfLevel = 10, LastStep = (1 << BitsOfLevel) - 1, OutermostShift = 5 * BitsOfLevel;

    private readonly Arena _arena;
    private readonly KeptLayers? _kept;
    private readonly long _begin;
    private readonly int _shift;
    private readonly int _rows;
    private readonly DType _activations;
    private readonly Unkept? _unkept;
    private Unkept? _unkeptOfLayers;

    private BufferSpace(Arena arena, KeptLayers? kept, long begin, int shift, int rows, DType activations, Unkept? unkept = null)
    {
        _arena = arena;
        _kept = kept;
        _begin = begin;
        _shift = shift;
        _rows = rows;
        _activations = activations;
        _unkept = unkept;
    }

    /// <summary>The space of a whole pass.</summary>
    /// <param name="arena">Has the memory.</param>
    /// <param name="kept">What layers keep, in a space that keeps; null in one that does not.</param>
    /// <param name="pass">The number of the pass within a step.</param>
    internal BufferSpace(Arena arena, KeptLayers? kept, int pass)
        : this(arena, kept, (long)pass << OutermostShift, OutermostShift - BitsOfLevel, arena.Rows, arena.Activations)
    {
    }

    /// <summary>The same space for a stack whose layers are not chosen: all of them are trained, if any.</summary>
    public BufferSpace AllLayers => new(_arena, _kept is null ? null : KeptLayers.All with { Recomputed = Recomputes }, _begin, _shift, _rows, _activations, _unkept);

    /// <summary>The same space, for buffers with a row for each sequence of the batch instead of each token; they are F32.</summary>
    public BufferSpace BySequence => new(_arena, _kept, _begin, _shift, _arena.Sequences, DType.F32, _unkept);

    /// <summary>The same space, for buffers with a row for each of a tile, which all tiles share: nothing in them is kept. They are F32, as logits and losses are.</summary>
    public BufferSpace Tile => new(_arena, null, _begin, _shift, _arena.TileRows, DType.F32, _unkept);

    /// <summary>Whether layers keep their input alone, and their forward pass is run again.</summary>
    public bool Recomputes => _kept is { Recomputed: true };

    /// <summary>The space of the parts inside one step. Steps nested deeper than can be counted live as long as the step around them.</summary>
    /// <param name="step">The step.</param>
    public BufferSpace Within(int step) =>
        _shift < 0 ? this : new BufferSpace(_arena, _kept, Time(step), _shift - BitsOfLevel, _rows, _activations, _unkept);

    /// <summary>
    /// The space of a layer of the stack whose step it is. Layers are alike and run one after another, so what they don't keep is the
    /// same buffers for all of them.
    /// </summary>
    /// <param name="step">The step.</param>
    public BufferSpace Layer(int step)
    {
        _unkeptOfLayers ??= new Unkept();
        _unkeptOfLayers.Restart();
        return new BufferSpace(_arena, _kept, Time(step), _shift - BitsOfLevel, _rows, _activations, _unkeptOfLayers);
    }

    /// <summary>Activations, a row for each token of the batch, as the run's precision stores them: BF16 for that, else F32.</summary>
    /// <param name="written">The step that writes them first.</param>
    /// <param name="read">The step that reads them last.</param>
    /// <param name="keep">Whether a backward pass reads them at all; where none does, they live for the pass alone in a space that keeps, too.</param>
    public Act<W> Take<W>(int written, int read, bool keep = true) where W : IWidth =>
        new(Take(_arena.Widths.Of<W>(), _activations, written, read, keep), _arena.Widths.Of<W>());

    /// <summary>Activations that are F32 in every precision: the stream to which layers add, and what a layer saves of each row beside its result.</summary>
    /// <param name="written">The step that writes them first.</param>
    /// <param name="read">The step that reads them last.</param>
    /// <param name="keep">Whether a backward pass reads them at all; where none does, they live for the pass alone in a space that keeps, too.</param>
    public Act<W> TakeSingle<W>(int written, int read, bool keep = true) where W : IWidth => Take<W>(_arena.Widths.Of<W>(), written, read, keep);

    /// <summary>Activations of a width that a layer or slot says, a row for each token of the batch. They are F32 in every precision.</summary>
    /// <param name="width">Floats of a row.</param>
    /// <param name="written">The step that writes them first.</param>
    /// <param name="read">The step that reads them last.</param>
    /// <param name="keep">Whether a backward pass reads them at all; where none does, they live for the pass alone in a space that keeps, too.</param>
    public Act<W> Take<W>(int width, int written, int read, bool keep = true) where W : IWidth =>
        new(Take(width, DType.F32, written, read, keep), width);

    /// <summary>Whole numbers, a row for each token of the batch.</summary>
    /// <param name="written">The step that writes them first.</param>
    /// <param name="read">The step that reads them last.</param>
    /// <param name="keep">Whether a backward pass reads them at all; where none does, they live for the pass alone in a space that keeps, too.</param>
    public Ids<W> TakeIds<W>(int written, int read, bool keep = true) where W : IWidth =>
        // An int takes the place of a float.
        new((int*)Take(_arena.Widths.Of<W>(), DType.F32, written, read, keep), _arena.Widths.Of<W>());

    /// <summary>
    /// What flows from layer to layer of a stack: the input of each, and the output of the last. Those that a backward pass reads have
    /// memory of their own; the others take turns in two buffers, of which the first is given.
    /// </summary>
    /// <param name="first">The input of layer 0.</param>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="written">The step of the stack.</param>
    /// <param name="read">The step that reads its output last.</param>
    public Act<W>[] Chain<W>(Act<W> first, int layers, int written, int read) where W : IWidth
    {
        var chain = new Act<W>[layers + 1];
        chain[0] = first;
        for (int l = 1; l <= layers; l++)
            chain[l] = KeepsInput(l) || l == 1 ? TakeSingle<W>(written, read, KeepsInput(l)) : chain[l - 2];
        return chain;
    }

    /// <summary>Whether the backward pass reads a layer's input.</summary>
    public bool KeepsInput(int layer) => layer >= _kept?.Lowest;

    /// <summary>The lowest layer of a stack that keeps what is inside it; the number of layers where none does.</summary>
    public int FirstKept(int layers) => _kept is { } kept ? Math.Min(kept.Lowest, layers) : layers;

    /// <summary>How many layers of a stack can be trained at once; where layers keep their input alone, they share what this counts.</summary>
    public int TrainedAtOnce(int layers) => _kept is not { } kept ? 0 : kept.Recomputed ? layers : Math.Min(kept.Trained, layers);

    private float* Take(int width, DType dtype, int written, int read, bool keep) =>
        _kept is not null && (keep || Recomputes)
            ? _arena.Values((long)_rows * width, dtype, MemoryKind.SavedActivations)
            : _unkept is null ? _arena.Shared(Time(written), End(read), (long)_rows * width, dtype)
            : _unkept.Take(_arena, Time(written), End(read), (long)_rows * width, dtype);

    private static long TilesBegin => 1L << OutermostShift;

    private long End(int step) => step == Tiles ? 2 * TilesBegin : Time(step) + (_shift < 0 ? 1 : 1L << _shift);

    private long Time(int step) =>
        step == Tiles ? TilesBegin : _shift < 0 ? _begin : _begin + ((long)Math.Min(step, LastStep) << _shift);

    /// <summary>The buffers that layers don't keep: those of the first one, which all others have too.</summary>
    private sealed class Unkept
    {
        private readonly List<(long Begin, long End, long Count, DType DType, nint Values)> _ofFirst = [];
        private int _next;

        public void Restart() => _next = 0;

        public float* Take(Arena arena, long begin, long end, long count, DType dtype)
        {
            if (_next == _ofFirst.Count)
                _ofFirst.Add((begin, end, count, dtype, (nint)arena.Shared(begin, end, count, dtype)));
            (long Begin, long End, long Count, DType DType, nint Values) known = _ofFirst[_next++];
            return known.Begin == begin && known.End == end && known.Count == count && known.DType == dtype
                ? (float*)known.Values
                : throw new InvalidOperationException("A layer asked for other buffers than the first one; layers that share buffers must be alike.");
        }
    }
}
