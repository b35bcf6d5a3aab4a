namespace Ist.Runtime.Training;

/// <summary>How a training run ended.</summary>
public enum RunOutcome
{
    /// <summary>All steps are done.</summary>
    Completed,

    /// <summary>It was stopped between two steps and left a checkpoint to go on from.</summary>
    Stopped,
}
