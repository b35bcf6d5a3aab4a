using System.Globalization;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;

namespace Ist.Runtime.Training;

/// <summary><c>training_args.json</c> of a checkpoint: what a run that goes on from it must have in common with it.</summary>
internal static class TrainingArguments
{
    public const string FileName = "training_args.json";

    /// <summary>Writes the file.</summary>
    public static void Write(string path, TrainingOptions options, InactiveMoments inactive, IReadOnlyDictionary<string, object?> identity) =>
        AtomicFile.WriteAllText(path, PythonJson.Dumps(All(options, inactive, identity)) + "\n");

    /// <summary>Refuses a checkpoint of another run.</summary>
    /// <exception cref="InputException">Names the first key that differs, and both values.</exception>
    public static void RequireSame(JsonConfig stored, TrainingOptions options, InactiveMoments inactive, IReadOnlyDictionary<string, object?> identity)
    {
        foreach ((string key, object? value) in All(options, inactive, identity).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            stored.RequireSame(key, value);
    }

    private static Dictionary<string, object?> All(TrainingOptions options, InactiveMoments inactive, IReadOnlyDictionary<string, object?> identity) => new(identity)
    {
        ["steps"] = options.Steps,
        ["batch_size"] = options.BatchSize,
        ["micro_batch_size"] = options.Sequences,
        ["max_length"] = options.MaxLength,
        ["packing"] = options.Packing,
        ["learning_rate"] = options.LearningRate,
        ["lr_scheduler_type"] = options.Schedule.ToString().ToLowerInvariant(),
        ["warmup_steps"] = options.WarmupSteps,
        ["weight_decay"] = options.WeightDecay,
        ["max_grad_norm"] = options.MaxGradNorm,
        // Runs without it are older, and in fp32.
        ["precision"] = options.Precision == Precision.F32 ? null : options.Precision.ToName(),
        ["state"] = inactive.ToString().ToLowerInvariant(),
        // As text: JSON's readers keep only 53 bits of a number.
        ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
        ["data_seed"] = options.DataSeed?.ToString(CultureInfo.InvariantCulture),
    };
}
