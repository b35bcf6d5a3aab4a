using Ist.Runtime.Devices;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>A whole model, as the generator makes it from a declared class: what a trainer drives.</summary>
public interface IModel
{
    /// <summary>The model's weights, trainable tensors and slots.</summary>
    ModelContents Contents { get; }

    /// <summary>
    /// The last forward pass' logits, one row for each row of <see cref="RowsOf"/>'s run; before the backward pass their gradient
    /// takes their place.
    /// </summary>
    Act<Own> Logits { get; }

    /// <summary>Layers of the stack.</summary>
    int LayerCount { get; }

    /// <summary>The run over the rows that the model predicts something for: all tokens, or each sequence as a whole.</summary>
    Run RowsOf(Run run);

    /// <summary>Takes the model's buffers from an arena, for the arena's purpose and batch size.</summary>
    void Allocate(Arena arena);

    /// <summary>Whether a run may recompute instead of keeping (<see cref="KeptLayers.Recomputed"/>): its stack is <see cref="Declaring.CheckpointedAttribute"/>.</summary>
    bool OffersCheckpointing => false;

    /// <summary>Logits of the run's batch; nothing is kept for a backward pass.</summary>
    void Forward(Run run);

    /// <summary>Logits of the run's batch; what the plan's backward pass reads is kept.</summary>
    /// <exception cref="InvalidOperationException">The buffers were not laid out for the plan.</exception>
    void Forward(Run run, LayerPlan plan);

    /// <summary>
    /// Adds to the gradients of what the plan trains. <see cref="Logits"/> holds the gradient of the loss by the logits,
    /// and the buffers those of the forward pass of the same batch with the same plan.
    /// </summary>
    /// <exception cref="InvalidOperationException">There was no forward pass with this plan.</exception>
    void Backward(Run run, LayerPlan plan);
}
