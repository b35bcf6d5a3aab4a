using Ist.Runtime.Models;

namespace Ist.Runtime.Layers;

/// <summary>The layers of a model: one block, repeated with other weights (<c>num_hidden_layers</c> times).</summary>
/// <typeparam name="TBlock">The block.</typeparam>
public sealed class LayerStack<TBlock>
{
    private readonly TBlock[] _blocks;

    /// <summary>Makes the blocks, each in the scope of its layer.</summary>
    public LayerStack(Scope scope, Func<Scope, TBlock> make)
    {
        _blocks = new TBlock[scope.Options<StackOptions>().Layers];
        for (int l = 0; l < _blocks.Length; l++)
            _blocks[l] = make(scope.InLayer(l));
    }

    /// <summary>Layers.</summary>
    public int Count => _blocks.Length;

    /// <summary>One layer's block.</summary>
    public TBlock this[int layer] => _blocks[layer];
}
