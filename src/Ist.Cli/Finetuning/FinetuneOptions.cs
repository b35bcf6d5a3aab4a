using Ist.Cli.Loading;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;

namespace Ist.Cli.Finetuning;

/// <summary>What <c>ist finetune</c> is to do, as the command line and the run's file say it.</summary>
internal sealed record FinetuneOptions
{
    /// <summary>The tokens of an example unless told otherwise, or the model's positions where those are fewer.</summary>
    public const int DefaultMaxLength = 256;

    /// <summary>The Hugging Face folder.</summary>
    public required string Model { get; init; }

    /// <summary>The training data.</summary>
    public required string Data { get; init; }

    /// <summary>The run's folder.</summary>
    public required string Output { get; init; }

    /// <summary>Held-out data of its own, or null.</summary>
    public string? EvalData { get; init; }

    /// <summary>The share of the training data to hold out, or null.</summary>
    public double? EvalFraction { get; init; }

    /// <summary>What is trained.</summary>
    public Method Method { get; init; }

    /// <summary>Whether the weights begin at random instead of as the checkpoint has them.</summary>
    public bool BeginsAtRandom { get; init; }

    /// <summary>The rank of LoRA, DoRA and VeRA.</summary>
    public int Rank { get; init; }

    /// <summary>The alpha of LoRA and DoRA; the adapters are scaled by alpha / rank.</summary>
    public double Alpha { get; init; }

    /// <summary>The dropout of LoRA, DoRA, VeRA and bottleneck adapters.</summary>
    public double Dropout { get; init; }

    /// <summary>The adapted modules; null for those that peft adapts in this family.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>Virtual tokens of prefix and prompt tuning.</summary>
    public int NumVirtualTokens { get; init; }

    /// <summary>Whether a network makes the prefix while it is trained.</summary>
    public bool PrefixProjection { get; init; }

    /// <summary>The hidden size of that network; null for the width of a layer's keys.</summary>
    public int? EncoderHiddenSize { get; init; }

    /// <summary>How the virtual tokens of prompt tuning begin.</summary>
    public PromptInit PromptInit { get; init; }

    /// <summary>The text that they begin with, or null.</summary>
    public string? PromptInitText { get; init; }

    /// <summary>The biases of the base model that LoRA, DoRA and VeRA train too.</summary>
    public BiasTraining Bias { get; init; }

    /// <summary>Modules that are trained whole beside the adapters.</summary>
    public ModulesToSave ModulesToSave { get; init; } = ModulesToSave.None;

    /// <summary>The settings of bottleneck adapters.</summary>
    public AdapterShape Adapter { get; init; } = new();

    /// <summary>Which layers a step trains.</summary>
    public Selection Selection { get; init; } = new();

    /// <summary>Optimizer steps; null to count by <see cref="Epochs"/>.</summary>
    public int? Steps { get; init; }

    /// <summary>Passes over the training data where <see cref="Steps"/> is null.</summary>
    public double Epochs { get; init; }

    /// <summary>Examples of a step, or rows of packed ones.</summary>
    public int BatchSize { get; init; }

    /// <summary>Examples, or rows of packed ones, that pass through the model at once.</summary>
    public int MicroBatchSize { get; init; }

    /// <summary>The most tokens of an example, and the room of a packed row; null for <see cref="DefaultMaxLength"/>.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Whether short examples share rows.</summary>
    public bool Packing { get; init; }

    /// <summary>Whether layers keep their input alone and are computed again in the backward pass.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Whether frozen weights are laid out for their products once for the run.</summary>
    public bool PackWeights { get; init; }

    /// <summary>Whether a run is refused whose plan exceeds the available memory.</summary>
    public bool ChecksMemory { get; init; } = true;

    /// <summary>The highest learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>How the learning rate falls.</summary>
    public ScheduleKind Schedule { get; init; }

    /// <summary>Steps in which the learning rate rises.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>AdamW's weight decay.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The global norm that gradients are clipped to; 0 for none.</summary>
    public double MaxGradNorm { get; init; }

    /// <summary>Steps between evaluations; 0 for none but the first and the last.</summary>
    public int EvalEvery { get; init; }

    /// <summary>Steps between checkpoints; 0 for none but that of a stopped run.</summary>
    public int SaveEvery { get; init; }

    /// <summary>Whether TensorBoard's event files are written.</summary>
    public bool LogsToTensorBoard { get; init; }

    /// <summary>Whether to go on from the newest checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether to tell where the time went.</summary>
    public bool Profiles { get; init; }

    /// <summary>Threads; 0 for one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Where to compute.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>How the factors of the base model's products are rounded.</summary>
    public Precision Precision { get; init; }

    /// <summary>What computes large products on a card.</summary>
    public ProductChoice Products { get; init; }

    /// <summary>Everything random follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>The order of the data and what is held out follow from it; null for <see cref="Seed"/>.</summary>
    public ulong? DataSeed { get; init; }

    /// <summary>Whether prompts are trained as well as completions.</summary>
    public bool TrainsOnPrompt { get; init; }

    /// <summary>What the result answers when it is trained.</summary>
    public IReadOnlyList<TaskChoice> Tasks { get; init; } = [];

    /// <summary>A prompt to continue before and after training, or null.</summary>
    public string? SamplePrompt { get; init; }
}
