using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Numerics;
using Ist.Runtime.Optimizers;

namespace Ist.Runtime.Sparse;

/// <summary>
/// Block coordinate descent with Adam (BAdam, arXiv 2404.02827): one layer is trained for K steps, then the next, each once in a pass over the
/// stack. Adam's state is that of the layer at work alone and begins anew with each block. What the method trains outside the stack is
/// trained in every step.
/// </summary>
public sealed class BlockSelection : ISelectionPolicy
{
    private readonly ulong _seed;
    private readonly BlockOrder _order;
    private readonly int[] _blocks;
    private readonly int[] _block = new int[1];
    private int _pass = -1;

    /// <summary>Goes over a stack.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="interval">Steps for which a layer is trained (K).</param>
    /// <param name="order">In which order a pass comes to the layers.</param>
    /// <exception cref="InputException">The interval is none.</exception>
    public BlockSelection(int layers, ulong seed, int interval = 100, BlockOrder order = BlockOrder.Random)
    {
        if (interval < 1)
            throw new InputException($"badam's interval is {interval}; give 1 or more.");
        _seed = seed;
        _order = order;
        _blocks = new int[layers];
        HoldSteps = interval;
    }

    /// <inheritdoc/>
    public string Name => "badam";

    /// <inheritdoc/>
    public int ActiveLayers => 1;

    /// <inheritdoc/>
    public int HoldSteps { get; }

    /// <inheritdoc/>
    public InactiveMoments InactiveMoments => InactiveMoments.Free;

    private string Order => _order.ToString().ToLowerInvariant();

    /// <inheritdoc/>
    public void Select(int step, LayerPlan plan)
    {
        (int pass, int place) = Math.DivRem(step / HoldSteps, _blocks.Length);
        if (pass != _pass)
            Begin(pass);
        _block[0] = _blocks[place];
        plan.TrainOnly(_block);
    }

    /// <inheritdoc/>
    public void Save(IDictionary<string, object?> state) => (state["interval"], state["block_order"]) = (HoldSteps, Order);

    /// <inheritdoc/>
    public void Restore(JsonConfig state)
    {
        state.RequireSame("interval", HoldSteps);
        state.RequireSame("block_order", Order);
    }

    private void Begin(int pass)
    {
        for (int i = 0; i < _blocks.Length; i++)
            _blocks[i] = _order == BlockOrder.Descending ? _blocks.Length - 1 - i : i;
        if (_order == BlockOrder.Random)
            Shuffle.Of(_blocks, RandomKey.For(_seed, RandomUse.TrainedLayers), (ulong)pass);
        _pass = pass;
    }
}
