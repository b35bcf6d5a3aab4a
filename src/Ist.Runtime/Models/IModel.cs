using Ist.Runtime.Devices;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>A whole model, as the generator makes it from a declared class: what a trainer drives.</summary>
public interface IModel
{
    /// <summary>The model's weights, trainable tensors and slots.</summary>
    ModelContents Contents { get; }

    /// <summary>Where the logits stand that <see cref="ForwardTile"/> gives: those of one tile, or of all rows in a model that has one tile.</summary>
    Act<Own> Logits { get; }

    /// <summary>The most rows of a tile.</summary>
    int TileRows => int.MaxValue;

    /// <summary>Layers of the stack.</summary>
    int LayerCount { get; }

    /// <summary>The run over the rows that the model predicts something for: all tokens, or each sequence as a whole.</summary>
    Run RowsOf(Run run);

    /// <summary>Takes the model's buffers from an arena, for the arena's purpose and batch size.</summary>
    void Allocate(Arena arena);

    /// <summary>Whether a run may recompute instead of keeping (<see cref="KeptLayers.Recomputed"/>): its stack is <see cref="Declaring.CheckpointedAttribute"/>.</summary>
    bool OffersCheckpointing => false;

    /// <summary>The run's batch up to the tiles; nothing is kept for a backward pass.</summary>
    void Forward(Run run);

    /// <summary>The run's batch up to the tiles (<see cref="Declaring.TiledAttribute"/>); what the plan's backward pass reads is kept.</summary>
    /// <exception cref="InvalidOperationException">The buffers were not laid out for the plan.</exception>
    void Forward(Run run, LayerPlan plan);

    /// <summary>
    /// <see cref="Forward(Run)"/> from this layer of the stack on, for the batch of the forward pass before: what is below has not changed
    /// since, so its values are still there. No backward pass follows.
    /// </summary>
    /// <exception cref="InvalidOperationException">The buffers do not keep the layer's input, or there was no forward pass.</exception>
    void ForwardFrom(Run run, int layer) => Forward(run);

    /// <summary>
    /// The logits of a tile of <see cref="RowsOf"/>'s run after its forward pass, a row for each of the tile's; before its backward pass
    /// their gradient takes their place.
    /// </summary>
    /// <param name="tile">Rows of the batch, at most <see cref="TileRows"/>, which may be any where no backward pass follows.</param>
    Act<Own> ForwardTile(Run tile) => Logits.From(tile.FirstRow);

    /// <summary>
    /// The gradients of a tile, which was the last in <see cref="ForwardTile"/>: sets those that the backward pass begins with, and adds
    /// to those of the parameters of the tiled layers.
    /// </summary>
    /// <param name="tile">The tile, in whose logits' place stands the gradient by them.</param>
    void BackwardTile(Run tile)
    {
    }

    /// <summary>
    /// Adds to the gradients of what the plan trains. <see cref="BackwardTile"/> has been through all tiles, after the forward pass of the
    /// same batch with the same plan.
    /// </summary>
    /// <exception cref="InvalidOperationException">There was no forward pass with this plan.</exception>
    void Backward(Run run, LayerPlan plan);
}
