namespace Ist.Runtime.Devices;

/// <summary>What a training step, or a token's generation, is at, for a <see cref="WorkProfile"/>.</summary>
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

    /// <summary>Reading a text that generation goes on from, all its tokens at once.</summary>
    Prompt,

    /// <summary>Reading the token that was generated last.</summary>
    Token,

    /// <summary>Choosing the next token by the logits.</summary>
    Sampling,
}
