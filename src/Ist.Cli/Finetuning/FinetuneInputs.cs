using Ist.Cli.Loading;
using Ist.Models;
using Ist.Runtime;
using Ist.Runtime.Data;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Cli.Finetuning;

/// <summary>Everything that a run reads, and the numbers that follow from it.</summary>
internal sealed class FinetuneInputs : IDisposable
{
    private FinetuneInputs(FinetuneOptions options, LoadedModel loaded)
    {
        Loaded = loaded;
        ModelHash = Fingerprint.Of(options.Model, weights: !options.BeginsAtRandom);
        Text = new ModelText(loaded);
        MaxLength = MaxLengthOf(options, loaded.MaxTokens);
        var encoding = new EncodingOptions(MaxLength, options.TrainsOnPrompt);
        DataFile file = DataFile.Load(options.Data);
        DataHash = file.ContentHash;
        Training = Text.Encode(file, encoding);
        if (options.EvalFraction is double fraction)
            (Training, HeldOut) = DataSplit.HoldOut(Training, fraction, options.DataSeed ?? options.Seed);
        if (options.EvalData is not null)
        {
            DataFile heldOut = DataFile.Load(options.EvalData);
            EvalDataHash = heldOut.ContentHash;
            HeldOut = Text.Encode(heldOut, encoding);
        }
        var numbers = new TrainingOptions
        {
            Steps = 1,
            BatchSize = options.BatchSize,
            MicroBatchSize = options.MicroBatchSize,
            MaxLength = options.Packing ? MaxLength : Math.Max(Training.Longest, HeldOut?.Longest ?? 0),
            Packing = options.Packing,
            LearningRate = options.LearningRate,
            Schedule = options.Schedule,
            WarmupSteps = options.WarmupSteps,
            WeightDecay = options.WeightDecay,
            MaxGradNorm = options.MaxGradNorm,
            GradientCheckpointing = options.GradientCheckpointing,
            InactiveMoments = options.Selection.State,
            PackWeights = options.PackWeights,
            Precision = options.Precision,
            Seed = options.Seed,
            DataSeed = options.DataSeed,
        };
        Rows = Trainer.RowsOf(loaded.Model, Training, numbers);
        Numbers = numbers with { Steps = options.Steps ?? StepsOf(options, Rows.Count) };
        options.Selection.RequireFits(new ParameterSet(loaded.Model.Contents));
        Policy = options.Selection.PolicyOf(loaded.Model.LayerCount, options.Seed);
    }

    /// <summary>The model, with the method in its slots.</summary>
    public LoadedModel Loaded { get; }

    /// <summary>Tells models apart.</summary>
    public string ModelHash { get; }

    /// <summary>The model's tokenizer.</summary>
    public ModelText Text { get; }

    /// <summary>The most tokens of an example.</summary>
    public int MaxLength { get; }

    /// <summary>Tells training data apart.</summary>
    public string DataHash { get; }

    /// <summary>Tells held-out data apart; null where it is a share of the training data, or there is none.</summary>
    public string? EvalDataHash { get; }

    /// <summary>What is learnt.</summary>
    public DataSet Training { get; }

    /// <summary>Which of its examples share a row of a batch.</summary>
    public PackedRows Rows { get; }

    /// <summary>What the result is measured on, or null.</summary>
    public DataSet? HeldOut { get; }

    /// <summary>The run's numbers.</summary>
    public TrainingOptions Numbers { get; }

    /// <summary>Chooses the layers of each step.</summary>
    public ISelectionPolicy Policy { get; }

    /// <summary>Reads all of it.</summary>
    /// <exception cref="InputException">Something is missing, wrong or unsupported.</exception>
    public static FinetuneInputs Load(FinetuneOptions options)
    {
        LoadedModel loaded = LoadedModel.Load(options.Model, family => MethodSettings.Of(options, family), options.BeginsAtRandom);
        try
        {
            return new FinetuneInputs(options, loaded);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Loaded.Dispose();

    /// <summary>The most tokens of an example.</summary>
    /// <exception cref="InputException">The model has not so many positions.</exception>
    public static int MaxLengthOf(FinetuneOptions options, int positions)
    {
        if (options.MaxLength is not int asked)
            return Math.Min(FinetuneOptions.DefaultMaxLength, positions);
        return asked <= positions
            ? asked
            : throw new InputException($"max-length is {asked}, but the model in {options.Model} has {positions} positions for a text (max_position_embeddings, less virtual tokens); give {positions} or less.");
    }

    private static int StepsOf(FinetuneOptions options, int rows)
    {
        double steps = Math.Ceiling(options.Epochs * rows / options.BatchSize);
        return steps <= int.MaxValue ? (int)steps : throw new InputException($"epochs is {options.Epochs}, which makes {steps:F0} steps; give less.");
    }
}
