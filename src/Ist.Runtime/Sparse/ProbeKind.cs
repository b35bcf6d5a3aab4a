namespace Ist.Runtime.Sparse;

/// <summary>Where the losses of IST's candidate sets come from.</summary>
public enum ProbeKind
{
    /// <summary>Forward passes over a probe batch, one for each set, as the paper has it.</summary>
    Forward,

    /// <summary>The gradients of the training steps themselves, to first order; ours, not the paper's.</summary>
    FirstOrder,
}
