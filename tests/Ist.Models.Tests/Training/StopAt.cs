using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

/// <summary>Stops a run after so many steps; never at 0.</summary>
internal sealed class StopAt(int step, CancellationTokenSource stop) : ITrainingObserver
{
    public void OnStep(in StepResult result, double tokensPerSecond)
    {
        if (result.Step == step)
            stop.Cancel();
    }

    public void OnEvaluation(int stepsDone, EvaluationResult result)
    {
    }

    public void OnCheckpoint(string folder)
    {
    }

    public void OnWarning(string message)
    {
    }
}
