using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

/// <summary>Cosines and sines by position, for one set of frequencies.</summary>
public sealed unsafe class RotaryTable
{
    private readonly float[] _frequencies;
    private readonly float _factor;

    /// <param name="frequencies">Radians a position, of each pair.</param>
    /// <param name="factor">What cosines and sines are multiplied by.</param>
    internal RotaryTable(float[] frequencies, float factor)
    {
        _frequencies = frequencies;
        _factor = factor;
    }

    /// <summary>Radians a position, of each pair.</summary>
    public ReadOnlySpan<float> Frequencies => _frequencies;

    /// <summary>Cosines, [positions, pairs].</summary>
    public float* Cosines { get; private set; }

    /// <summary>Sines, [positions, pairs].</summary>
    public float* Sines { get; private set; }

    /// <summary>Takes the memory for so many positions, and fills it.</summary>
    internal void Reserve(Arena arena, int positions)
    {
        long count = (long)positions * _frequencies.Length;
        Cosines = arena.Floats(count, MemoryKind.Tables);
        Sines = arena.Floats(count, MemoryKind.Tables);
        if (arena.Measuring)
            return;
        arena.Device.Write(Cosines, count, values => Fill(values, Math.Cos));
        arena.Device.Write(Sines, count, values => Fill(values, Math.Sin));
    }

    private void Fill(Span<float> values, Func<double, double> function)
    {
        for (int at = 0; at < values.Length; at++)
        {
            float angle = at / _frequencies.Length * _frequencies[at % _frequencies.Length];
            values[at] = (float)function(angle) * _factor;
        }
    }
}
