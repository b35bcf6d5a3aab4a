using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Rotary position embedding (Su et al., arXiv 2104.09864) in the paper's own layout, as GPT-J has it: of the first r elements of
/// each head, the pair (x_{2i}, x_{2i + 1}) is turned by the angle position * frequency_i.
/// </summary>
/// <typeparam name="D">All heads of a row.</typeparam>
public sealed class InterleavedRotary<D> : IReserving where D : IWidth
{
    private readonly int _before;

    /// <summary>Takes the model's angles.</summary>
    public InterleavedRotary(Scope scope)
    {
        _before = scope.Contents.VirtualTokens.Prefix;
        Angles = scope.Options<RotaryAngles>();
        scope.Contents.Add(this);
    }

    /// <summary>Sines and cosines by position, shared by all rotary layers of the model.</summary>
    public RotaryAngles Angles { get; }

    /// <inheritdoc/>
    public void Reserve(Arena arena) => Angles.Reserve(arena, _before);
}
