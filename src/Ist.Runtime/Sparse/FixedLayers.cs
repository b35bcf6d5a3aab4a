using System.Globalization;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Sparse;

/// <summary>Trains the same given layers in every step.</summary>
public sealed class FixedLayers : ISelectionPolicy
{
    private readonly int[] _trained;

    /// <summary>Chooses them once and for all.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="trained">Those to train, counted from 0.</param>
    /// <exception cref="InputException">There is none, one comes twice, or the stack does not have it.</exception>
    public FixedLayers(int layers, IEnumerable<int> trained)
    {
        _trained = [.. trained.Order()];
        if (_trained.Length == 0)
            throw new InputException("layers names none; give one or more.");
        for (int i = 0; i < _trained.Length; i++)
        {
            if (_trained[i] < 0 || _trained[i] >= layers)
                throw new InputException($"layers has {_trained[i]}, but the model's {layers} layers are 0 to {layers - 1}.");
            if (i > 0 && _trained[i] == _trained[i - 1])
                throw new InputException($"layers has {_trained[i]} twice; give each layer once.");
        }
    }

    /// <inheritdoc/>
    public string Name => "fixed";

    /// <inheritdoc/>
    public int ActiveLayers => _trained.Length;

    /// <inheritdoc/>
    public int LowestLayer => _trained[0];

    private string Text => string.Join(',', _trained.Select(l => l.ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    public void Select(int step, LayerPlan plan) => plan.TrainOnly(_trained);

    /// <inheritdoc/>
    public void Save(IDictionary<string, object?> state) => state["layers"] = Text;

    /// <inheritdoc/>
    public void Restore(JsonConfig state) => state.RequireSame("layers", Text);
}
