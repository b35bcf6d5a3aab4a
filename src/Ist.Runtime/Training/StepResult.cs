namespace Ist.Runtime.Training;

/// <summary>What one optimizer step did.</summary>
/// <param name="Step">Optimizer steps done, this one included: 1 for the first, as Hugging Face's <c>global_step</c>.</param>
/// <param name="Loss">Mean loss per trained token before the update, nats.</param>
/// <param name="LearningRate">The learning rate of the update.</param>
/// <param name="GradientNorm">Global L2 norm of the trained layers' gradients before clipping.</param>
/// <param name="Tokens">Tokens read, padding left out.</param>
/// <param name="TrainedTokens">Tokens that the loss is the mean of.</param>
/// <param name="ActiveLayers">Layers that were trained.</param>
/// <param name="BackwardDepth">Layers that the backward pass went through, from the top.</param>
/// <param name="SavedBytes">What the forward pass of a micro-batch leaves for the backward pass by the plan for these layers; the run's buffers are for any that its policy chooses.</param>
public readonly record struct StepResult(
    int Step, double Loss, double LearningRate, double GradientNorm, long Tokens, long TrainedTokens, int ActiveLayers, int BackwardDepth, long SavedBytes);
