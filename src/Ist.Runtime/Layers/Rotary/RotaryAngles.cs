using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

/// <summary>
/// Cosines and sines of the rotary embedding, one table for all layers of a model. In F32 as Hugging Face computes them:
/// frequency_i = 1 / theta^(2i / head size), scaled, and angle = position * frequency_i; power, cosine and sine are rounded
/// correctly.
/// </summary>
public sealed unsafe class RotaryAngles
{
    private readonly float[] _frequencies;
    private Arena? _arena;

    /// <summary>Computes the frequencies.</summary>
    /// <param name="headSize">Elements of a head that are turned; even.</param>
    /// <param name="theta">The base (<c>rope_theta</c>).</param>
    /// <param name="scaling">How the frequencies are stretched; null for not at all.</param>
    /// <exception cref="ArgumentException">The head size is odd or not positive.</exception>
    public RotaryAngles(int headSize, float theta, RotaryScaling? scaling)
    {
        if (headSize <= 0 || headSize % 2 != 0)
            throw new ArgumentException($"A head of {headSize} elements can't be turned in pairs.", nameof(headSize));
        HeadSize = headSize;
        _frequencies = new float[headSize / 2];
        for (int i = 0; i < _frequencies.Length; i++)
        {
            float frequency = 1f / (float)Math.Pow(theta, 2f * i / headSize);
            _frequencies[i] = scaling?.Scale(frequency) ?? frequency;
        }
    }

    /// <summary>Elements of a head that are turned.</summary>
    public int HeadSize { get; }

    /// <summary>Radians a position, of each pair.</summary>
    public ReadOnlySpan<float> Frequencies => _frequencies;

    /// <summary>Positions in the tables, from 0.</summary>
    public int Positions { get; private set; }

    /// <summary>Cosines, [positions, head size / 2].</summary>
    public float* Cosines { get; private set; }

    /// <summary>Sines, [positions, head size / 2].</summary>
    public float* Sines { get; private set; }

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
        long count = (long)Positions * _frequencies.Length;
        Cosines = arena.Floats(count, MemoryKind.Tables);
        Sines = arena.Floats(count, MemoryKind.Tables);
        if (!arena.Measuring)
            Fill();
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
