using Ist.Runtime.Evaluation;

namespace Ist.Runtime.Training;

/// <summary>How well a model predicts a data set.</summary>
/// <param name="Loss">Mean loss per trained token, or per labelled text, in nats.</param>
/// <param name="Tokens">Trained tokens or labelled texts that it is the mean of.</param>
/// <param name="Accuracy">The share of texts that got their label; null for a model that predicts tokens.</param>
/// <param name="Labels">Which labels the texts got; null for a model that predicts tokens, and where a stopped run read the figures back.</param>
public readonly record struct EvaluationResult(double Loss, long Tokens, double? Accuracy = null, ConfusionMatrix? Labels = null)
{
    /// <summary>e to the loss.</summary>
    public double Perplexity => Math.Exp(Loss);
}
