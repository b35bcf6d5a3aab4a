using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

/// <summary>
/// Cosines and sines of the rotary embedding, one table for all layers of a model. In F32 as Hugging Face computes them:
/// frequency_i = 1 / theta^(2i / turned), scaled, and angle = position * frequency_i; power, cosine and sine are rounded
/// correctly.
/// </summary>
public sealed unsafe class RotaryAngles
{
    private readonly float[] _frequencies;
    private Arena? _arena;

    /// <summary>Computes the frequencies.</summary>
    /// <param name="headSize">Elements of a head.</param>
    /// <param name="theta">The base (<c>rope_theta</c>).</param>
    /// <param name="scaling">How the frequencies are stretched; null for not at all.</param>
    /// <param name="turned">The first elements of a head, that are turned (<c>rotary_dim</c>); even; null for all of them.</param>
    /// <exception cref="ArgumentException">The elements to turn are odd in number, or not 2 to the size of a head.</exception>
    public RotaryAngles(int headSize, float theta, RotaryScaling? scaling, int? turned = null)
    {
        HeadSize = headSize;
        Turned = turned ?? headSize;
        if (Turned <= 0 || Turned % 2 != 0 || Turned > headSize)
            throw new ArgumentException($"{Turned} of {headSize} elements of a head can't be turned in pairs.", turned is null ? nameof(headSize) : nameof(turned));
        _frequencies = new float[Turned / 2];
        for (int i = 0; i < _frequencies.Length; i++)
        {
            float frequency = 1f / (float)Math.Pow(theta, 2f * i / Turned);
            _frequencies[i] = scaling?.Scale(frequency) ?? frequency;
        }
    }

    /// <summary>Elements of a head.</summary>
    public int HeadSize { get; }

    /// <summary>Elements of a head that are turned, its first ones; the others stay as they are.</summary>
    public int Turned { get; }

    /// <summary>Radians a position, of each pair.</summary>
    public ReadOnlySpan<float> Frequencies => _frequencies;

    /// <summary>Positions in the tables, from 0.</summary>
    public int Positions { get; private set; }

    /// <summary>Cosines, [positions, turned / 2].</summary>
    public float* Cosines { get; private set; }

    /// <summary>Sines, [positions, turned / 2].</summary>
    public float* Sines { get; private set; }

    /// <summary>
    /// Takes the tables for all positions of an arena. The first of the layers that share them takes them; the others find
    /// them taken from the same arena.
    /// </summary>
    public void Reserve(Arena arena)
    {
        if (ReferenceEquals(arena, _arena))
            return;
        _arena = arena;
        Positions = arena.Time;
        long count = (long)Positions * _frequencies.Length;
        Cosines = arena.Floats(count, MemoryKind.Tables);
        Sines = arena.Floats(count, MemoryKind.Tables);
        if (!arena.Measuring)
            Fill();
    }

    /// <summary>Refuses a batch with a position that the tables do not have.</summary>
    /// <exception cref="RunException">Names it.</exception>
    internal void Require(Run run)
    {
        int* positions = run.Batch.Positions;
        for (int row = 0; row < run.Rows; row++)
        {
            if ((uint)positions[row] >= (uint)Positions)
                throw new RunException($"Token {row} of a batch has the position {positions[row]}, but the run is laid out for {Positions}.");
        }
    }

    private void Fill()
    {
        for (int position = 0; position < Positions; position++)
        {
            for (int i = 0; i < _frequencies.Length; i++)
            {
                float angle = position * _frequencies[i];
                Cosines[position * _frequencies.Length + i] = (float)Math.Cos(angle);
                Sines[position * _frequencies.Length + i] = (float)Math.Sin(angle);
            }
        }
    }
}
