namespace Ist.Cli.Comparing;

/// <summary>What the runs of a comparison have alike.</summary>
internal enum EqualBudget
{
    /// <summary>Optimizer steps.</summary>
    Steps,

    /// <summary>The time of all steps together.</summary>
    Time,
}
