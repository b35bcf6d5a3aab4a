using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Testing;

/// <summary>
/// Weights for a model whose checkpoint does not matter: vectors, which are norms' and biases, about 1, all others about 0, with a deviation
/// of 0.1 each. They depend on the seed and the order in which they are taken.
/// </summary>
/// <param name="seed">Decides the numbers.</param>
public sealed class RandomWeights(ulong seed = 1) : IWeightSource
{
    private ulong _taken;

    /// <inheritdoc/>
    public Weight Take(string name, ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
            count *= size;
        float[] values = GC.AllocateArray<float>(checked((int)count), pinned: true);
        RandomNumbers.Fill(values, seed, _taken++, deviation: 0.1);
        if (shape.Length == 1)
        {
            foreach (ref float value in values.AsSpan())
                value += 1;
        }
        return new Weight(name, values, shape.ToArray());
    }
}
