using Ist.Runtime.Sparse;

namespace Ist.Runtime.Training;

/// <summary>Tells several observers, in their order.</summary>
/// <param name="observers">The observers.</param>
public sealed class TrainingObservers(params IReadOnlyList<ITrainingObserver> observers) : ITrainingObserver
{
    /// <inheritdoc/>
    public void OnBegin(int stepsDone)
    {
        foreach (ITrainingObserver observer in observers)
            observer.OnBegin(stepsDone);
    }

    /// <inheritdoc/>
    public void OnProbe(ProbeEvent probe)
    {
        foreach (ITrainingObserver observer in observers)
            observer.OnProbe(probe);
    }

    /// <inheritdoc/>
    public void OnStep(in StepResult step, double tokensPerSecond)
    {
        foreach (ITrainingObserver observer in observers)
            observer.OnStep(step, tokensPerSecond);
    }

    /// <inheritdoc/>
    public void OnEvaluation(int stepsDone, EvaluationResult result)
    {
        foreach (ITrainingObserver observer in observers)
            observer.OnEvaluation(stepsDone, result);
    }

    /// <inheritdoc/>
    public void OnCheckpoint(string folder)
    {
        foreach (ITrainingObserver observer in observers)
            observer.OnCheckpoint(folder);
    }

    /// <inheritdoc/>
    public void OnWarning(string message)
    {
        foreach (ITrainingObserver observer in observers)
            observer.OnWarning(message);
    }
}
