namespace Ist.Runtime.Training;

/// <summary>How well a model predicts a data set.</summary>
/// <param name="Loss">Mean loss per trained token, nats.</param>
/// <param name="Tokens">Trained tokens that it is the mean of.</param>
public readonly record struct EvaluationResult(double Loss, long Tokens)
{
    /// <summary>e to the loss.</summary>
    public double Perplexity => Math.Exp(Loss);
}
