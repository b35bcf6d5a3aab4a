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

    /// <summary>Logits of the run's batch.</summary>
    void Forward(Run run);

    /// <summary>
    /// Adds to the gradients of what the plan trains. <see cref="Logits"/> holds the gradient of the loss by the logits,
    /// and the buffers those of the forward pass of the same batch.
    /// </summary>
    void Backward(Run run, LayerPlan plan);
}
