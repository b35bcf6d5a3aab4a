using System.Text.Json;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Sparse;

/// <summary>
/// The candidate sets of IST's events, S_k: distinct ones of the same size. A stack with fewer sets of that size than are wanted has all that
/// there are.
/// </summary>
internal sealed class SuppressedSets
{
    // With importances far apart, drawing a set anew may give the same one almost for ever. After so many draws every
    // layer is as likely as any other.
    private const int WeightedDraws = 1000;

    private readonly ulong _seed;
    private readonly int _lowest;
    private readonly int[][] _sets;

    /// <summary>Makes room for them.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="drawn">The layers that they are drawn from.</param>
    /// <param name="size">Layers of a set.</param>
    /// <param name="wanted">Sets of an event.</param>
    public SuppressedSets(ulong seed, DrawnLayers drawn, int size, int wanted)
    {
        _seed = seed;
        _lowest = drawn.Lowest;
        _sets = new int[Distinct(drawn.Available, size, wanted)][];
        for (int k = 0; k < _sets.Length; k++)
            _sets[k] = new int[size];
    }

    /// <summary>Those of the last event, each in rising order.</summary>
    public int[][] All => _sets;

    /// <summary>Draws those of an event.</summary>
    /// <param name="step">The event's step.</param>
    /// <param name="weights">A weight for each layer, 0 for those that are not drawn from.</param>
    public void Draw(int step, Span<double> weights)
    {
        var draw = new LayerDraw(_seed, step, RandomUse.SuppressedLayers);
        int draws = 0;
        for (int k = 0; k < _sets.Length; k++)
        {
            do
            {
                if (++draws == WeightedDraws)
                    weights[_lowest..].Fill(1);
                draw.WithoutReplacement(weights, _sets[k]);
                _sets[k].AsSpan().Sort();
            }
            while (IsRepeated(k));
        }
    }

    /// <summary>Writes them as the member <c>sets</c>.</summary>
    public void Write(Utf8JsonWriter metrics)
    {
        metrics.WriteStartArray("sets");
        foreach (int[] set in _sets)
        {
            metrics.WriteStartArray();
            foreach (int layer in set)
                metrics.WriteNumberValue(layer);
            metrics.WriteEndArray();
        }
        metrics.WriteEndArray();
    }

    private bool IsRepeated(int k)
    {
        for (int j = 0; j < k; j++)
        {
            if (_sets[j].AsSpan().SequenceEqual(_sets[k]))
                return true;
        }
        return false;
    }

    /// <summary>The number of ways to choose a set, as far as so many are wanted.</summary>
    private static int Distinct(int layers, int chosen, int wanted)
    {
        double ways = 1;
        for (int i = 1; i <= chosen && ways < wanted; i++)
            ways = ways * (layers - chosen + i) / i;
        return (int)Math.Min(Math.Round(ways), wanted);
    }
}
