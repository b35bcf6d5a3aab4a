using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

/// <summary>
/// Cosines and sines of the rotary embedding, one table for all layers of a model. In F32 as Hugging Face computes them:
/// frequency_i = 1 / theta^(2i / elements turned), scaled, and angle = position * frequency_i; power, cosine and sine are rounded
/// correctly. A scaling that looks at the length of a batch has a second table for long ones.
/// </summary>
public sealed class RotaryAngles
{
    private readonly RotaryTable _table;
    private readonly RotaryTable? _longTable;
    private readonly int _longFrom;
    private Arena? _arena;

    /// <summary>Computes the frequencies.</summary>
    /// <param name="headSize">Elements of a head.</param>
    /// <param name="theta">The base (<c>rope_theta</c>).</param>
    /// <param name="scaling">How the frequencies are stretched; null for not at all.</param>
    /// <param name="turned">The first elements of a head, that are turned (<c>rotary_dim</c>); even; null for all of them.</param>
    /// <exception cref="ArgumentException">The elements to turn are odd in number, or not 2 to the size of a head.</exception>
    public RotaryAngles(int headSize, float theta, RotaryScaling? scaling, int? turned = null)
    {
        Turned = turned ?? headSize;
        if (Turned <= 0 || Turned % 2 != 0 || Turned > headSize)
            throw new ArgumentException($"{Turned} of {headSize} elements of a head can't be turned in pairs.", turned is null ? nameof(headSize) : nameof(turned));
        HeadSize = headSize;
        float[] powers = [.. Enumerable.Range(0, Turned / 2).Select(pair => (float)Math.Pow(theta, 2f * pair / Turned))];
        _table = new RotaryTable([.. powers.Select((power, pair) => scaling?.Frequency(pair, power) ?? 1f / power)], scaling?.Factor ?? 1);
        if (scaling?.LongFrom is not { } longFrom)
            return;
        _longFrom = longFrom;
        _longTable = new RotaryTable([.. powers.Select((power, pair) => scaling.LongFrequency(pair, power))], scaling.Factor);
    }

    /// <summary>Elements of a head.</summary>
    public int HeadSize { get; }

    /// <summary>Elements of a head that are turned, its first ones; the others stay as they are.</summary>
    public int Turned { get; }

    /// <summary>Radians a position, of each pair, in batches that are not long.</summary>
    public ReadOnlySpan<float> Frequencies => _table.Frequencies;

    /// <summary>Tokens of the longest text that is not long; null where all are turned alike.</summary>
    public int? LongFrom => _longTable is null ? null : _longFrom;

    /// <summary>Positions in the tables, from 0.</summary>
    public int Positions { get; private set; }

    /// <summary>The table for texts of this many tokens, those before the batch among them.</summary>
    public RotaryTable For(int length) => _longTable is not null && length > _longFrom ? _longTable : _table;

    /// <summary>
    /// Takes the tables for all positions of an arena. The first of the layers that share them takes them; the others find
    /// them taken from the same arena.
    /// </summary>
    /// <param name="arena">The arena.</param>
    /// <param name="before">Positions before the first row of a sequence (<see cref="Data.VirtualTokens.Prefix"/>).</param>
    public void Reserve(Arena arena, int before)
    {
        if (ReferenceEquals(arena, _arena))
            return;
        _arena = arena;
        Positions = arena.Time + before;
        _table.Reserve(arena, _longTable is null ? Positions : Math.Min(Positions, _longFrom));
        if (_longTable is not null && Positions > _longFrom)
            _longTable.Reserve(arena, Positions);
    }

    /// <summary>The table for a batch, which the longest of its texts decides.</summary>
    /// <exception cref="RunException">The tables do not have a position of the batch.</exception>
    internal unsafe RotaryTable TableOf(Run run)
    {
        int* positions = run.Batch.Positions;
        int length = 0;
        for (int row = 0; row < run.Rows; row++)
        {
            if ((uint)positions[row] >= (uint)Positions)
                throw new RunException($"Token {row} of a batch has the position {positions[row]}, but the run is laid out for {Positions}.");
            length = Math.Max(length, positions[row] + 1);
        }
        return For(length);
    }
}
