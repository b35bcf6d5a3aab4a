namespace Ist.Runtime.Devices;

/// <summary>What a training step is at, for a <see cref="WorkProfile"/>.</summary>
public enum StepPhase
{
    /// <summary>Between steps: evaluations, checkpoints, reports.</summary>
    Between,

    /// <summary>Choosing layers, and the losses that a policy measures for it.</summary>
    Selection,

    /// <summary>The forward pass.</summary>
    Forward,

    /// <summary>The loss and its gradient by the logits.</summary>
    Loss,

    /// <summary>The backward pass.</summary>
    Backward,

    /// <summary>Clipping the gradients.</summary>
    Clipping,

    /// <summary>Changing the parameters.</summary>
    Optimizer,
}
