using Ist.Runtime.Sparse;

namespace Ist.Runtime.Training;

/// <summary>Is told how a training run goes on. Called on the run's thread, between steps.</summary>
public interface ITrainingObserver
{
    /// <summary>The run begins, or goes on, after this many steps.</summary>
    void OnBegin(int stepsDone)
    {
    }

    /// <summary>The policy has probed the model, before the step that the event names.</summary>
    void OnProbe(ProbeEvent probe)
    {
    }

    /// <summary>A step is done.</summary>
    /// <param name="step">What it did.</param>
    /// <param name="tokensPerSecond">Tokens read per second of it, padding left out.</param>
    void OnStep(in StepResult step, double tokensPerSecond);

    /// <summary>The held-out data was evaluated after this many steps.</summary>
    void OnEvaluation(int stepsDone, EvaluationResult result);

    /// <summary>A checkpoint is complete.</summary>
    void OnCheckpoint(string folder);

    /// <summary>Something that the user should know, in one line.</summary>
    void OnWarning(string message);
}
