namespace Ist.Runtime.Training;

/// <summary>What one optimizer step did.</summary>
/// <param name="Step">Optimizer steps done, this one included: 1 for the first, as Hugging Face's <c>global_step</c>.</param>
/// <param name="Loss">Mean loss per trained token before the update, nats.</param>
/// <param name="LearningRate">The learning rate of the update.</param>
/// <param name="GradientNorm">Global L2 norm of the trained layers' gradients before clipping.</param>
/// <param name="Tokens">Tokens read, padding left out.</param>
/// <param name="TrainedTokens">Tokens that the loss is the mean of.</param>
/// <param name="ActiveLayers">Layers that were trained.</param>
public readonly record struct StepResult(
    int Step, double Loss, double LearningRate, double GradientNorm, long Tokens, long TrainedTokens, int ActiveLayers);
