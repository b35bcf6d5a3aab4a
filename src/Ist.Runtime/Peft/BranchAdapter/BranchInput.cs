namespace Ist.Runtime.Peft;

/// <summary>What a branch adapter is given, of what the branch gave, y, and the residual stream x.</summary>
public enum BranchInput
{
    /// <summary>y: Houlsby's adapter.</summary>
    Output,

    /// <summary>y + x, or the norm of it where one stands behind: Pfeiffer's adapter (<c>original_ln_before</c>).</summary>
    Sum,

    /// <summary>x: the parallel adapter (<c>is_parallel</c>).</summary>
    Stream,
}
