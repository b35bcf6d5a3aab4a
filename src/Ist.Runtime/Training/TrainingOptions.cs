using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;

namespace Ist.Runtime.Training;

/// <summary>The numbers of a training run.</summary>
public sealed record TrainingOptions
{
    /// <summary>Optimizer steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Rows of an optimizer step: examples, or with <see cref="Packing"/> as many as fill them.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>
    /// Rows that pass through the model at once; more than <see cref="BatchSize"/> means all of them. Smaller
    /// micro-batches need less memory and give the same gradient, within rounding.
    /// </summary>
    public int MicroBatchSize { get; init; } = int.MaxValue;

    /// <summary>Tokens of the longest example, or of a packed row; buffers are made for it.</summary>
    public required int MaxLength { get; init; }

    /// <summary>
    /// Whether short examples share rows (<see cref="PackedRows"/>), as TRL's <c>packing</c>: less padding, and the same losses and gradients
    /// of each example, which sees itself alone.
    /// </summary>
    public bool Packing { get; init; }

    /// <summary>The highest learning rate.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>How the learning rate falls.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Linear;

    /// <summary>Steps in which the learning rate rises from 0.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>AdamW's decoupled weight decay.</summary>
    public double WeightDecay { get; init; }

    /// <summary>What becomes of AdamW's moments of layers that a step leaves out; null for what the policy says.</summary>
    public InactiveMoments? InactiveMoments { get; init; }

    /// <summary>Gradients are scaled down to this global norm; 0 leaves them as they are.</summary>
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>
    /// Whether layers keep their input alone and the backward pass runs their forward pass again, with the same bits (Hugging Face's
    /// <c>gradient_checkpointing</c>): less memory for about a third more work.
    /// </summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>
    /// Whether frozen weights are laid out for their products once for the run, in F32 and for both directions, instead of in each product:
    /// some per cent faster, with the same bits, for two copies more of the base model.
    /// </summary>
    public bool PackWeights { get; init; }

    /// <summary>How the factors of the base model's products are rounded, on a GPU; the processor has F32 alone.</summary>
    public Precision Precision { get; init; }

    /// <summary>Everything random in the run follows from it.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>
    /// The order of the data follows from it, and the rows that policies probe; null takes <see cref="Seed"/>. Runs of different seeds
    /// with one seed of the data see the same examples in the same order.
    /// </summary>
    public ulong? DataSeed { get; init; }

    /// <summary>The rows of a micro-batch.</summary>
    public int Sequences => Math.Min(MicroBatchSize, BatchSize);

    /// <summary>Refuses numbers that mean nothing.</summary>
    /// <exception cref="InputException">Names the option and its range.</exception>
    public void Check()
    {
        Require(Steps >= 1, "steps", Steps, "1 or more");
        Require(BatchSize >= 1, "batch-size", BatchSize, "1 or more");
        Require(MicroBatchSize >= 1, "micro-batch-size", MicroBatchSize, "1 or more");
        Require(MaxLength >= 2, "max-length", MaxLength, "2 or more");
        Require(LearningRate >= 0 && double.IsFinite(LearningRate), "lr", LearningRate, "0 or more");
        Require(WarmupSteps >= 0, "warmup-steps", WarmupSteps, "0 or more");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), "weight-decay", WeightDecay, "0 or more");
        Require(MaxGradNorm >= 0 && double.IsFinite(MaxGradNorm), "max-grad-norm", MaxGradNorm, "0 or more");
    }

    private static void Require(bool holds, string option, double value, string expected)
    {
        if (!holds)
            throw new InputException(FormattableString.Invariant($"{option} is {value}; give {expected}."));
    }
}
