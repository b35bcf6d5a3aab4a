using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

/// <summary>
/// Cosines and sines of position * frequency_i, frequency_i = theta^(-2i / head size), scaled for long contexts. Computed in
/// F32 step by step as transformers' <c>LlamaRotaryEmbedding</c> does, since a last bit of a frequency is a visible angle far out.
/// </summary>
/// <param name="headSize">Elements of a head; even.</param>
/// <param name="theta">The base (<c>rope_theta</c>).</param>
/// <param name="scaling">How frequencies are changed for contexts longer than those trained on; null for not at all.</param>
public sealed unsafe class RotaryAngles(int headSize, float theta, RotaryScaling? scaling)
{
    private Arena? _reservedIn;

    /// <summary>Elements of a head.</summary>
    public int HeadSize { get; } = headSize;

    /// <summary>[positions, head size / 2].</summary>
    public float* Cosines { get; private set; }

    /// <summary>[positions, head size / 2].</summary>
    public float* Sines { get; private set; }

    /// <summary>Makes the tables for as many positions as the arena's sequences have; the layers of a model share them.</summary>
    public void Reserve(Arena arena)
    {
        if (ReferenceEquals(_reservedIn, arena))
            return;
        _reservedIn = arena;
        int half = HeadSize / 2;
        Cosines = arena.Floats((long)arena.Time * half, MemoryKind.Tables);
        Sines = arena.Floats((long)arena.Time * half, MemoryKind.Tables);
        if (arena.Measuring)
            return;
        for (int i = 0; i < half; i++)
        {
            float frequency = 1f / MathF.Pow(theta, 2f * i / HeadSize);
            frequency = scaling?.Scale(frequency) ?? frequency;
            for (int position = 0; position < arena.Time; position++)
            {
                float angle = position * frequency;
                Cosines[(long)position * half + i] = MathF.Cos(angle);
                Sines[(long)position * half + i] = MathF.Sin(angle);
            }
        }
    }
}
