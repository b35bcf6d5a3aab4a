namespace Ist.Runtime.Devices;

/// <summary>What the layers of a stack keep for the backward pass, at most, in any step of a run. Buffers are made for it.</summary>
/// <param name="Trained">Layers that a step trains at most; more than the stack has means all.</param>
/// <param name="Lowest">The lowest layer that a backward pass reaches.</param>
/// <param name="Recomputed">
/// Whether a layer keeps its input alone, and the backward pass runs its forward pass again (Chen et al., arXiv 1604.06174; Hugging
/// Face's <c>gradient_checkpointing</c>).
/// </param>
public readonly record struct KeptLayers(int Trained, int Lowest = 0, bool Recomputed = false)
{
    /// <summary>Every layer may be trained in a step.</summary>
    public static KeptLayers All { get; } = new(int.MaxValue);

    /// <summary>No backward pass follows.</summary>
    public static KeptLayers None { get; } = new(0, int.MaxValue);

    /// <summary>Refuses a layer whose input is not there any more after a forward pass. That of the first one can be made anew.</summary>
    /// <exception cref="InvalidOperationException">The layer is below <see cref="Lowest"/>.</exception>
    public void RequireInput(int layer)
    {
        if (layer > 0 && layer < Lowest)
            throw new InvalidOperationException($"The input of layer {layer} is not kept: the buffers were laid out for layers down to {Lowest}.");
    }
}
