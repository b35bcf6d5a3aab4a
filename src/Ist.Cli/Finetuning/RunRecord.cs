using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Training;

namespace Ist.Cli.Finetuning;

/// <summary>
/// <c>run.json</c>: what the run was told (<c>config</c>, whose keys are those of a run's file, with what follows from the
/// inputs filled in), what it read, on what it ran, what it planned and took, and what came out.
/// </summary>
internal sealed class RunRecord
{
    /// <summary>The file's name.</summary>
    public const string FileName = "run.json";

    private readonly Dictionary<string, object?> _record;

    /// <summary>Records a run that is about to begin.</summary>
    public RunRecord(FinetuneOptions options, FinetuneInputs inputs, Device device, MemoryPlan plan)
    {
        _record = new Dictionary<string, object?>
        {
            ["config"] = Config(options, inputs),
            ["model_hash"] = inputs.ModelHash,
            ["data_hash"] = inputs.DataHash,
            ["eval_data_hash"] = inputs.EvalDataHash,
            ["layers"] = inputs.Loaded.Model.LayerCount,
            ["layers_pattern"] = LayersPattern(inputs.Loaded.Model.Contents.Slots),
            ["rows"] = inputs.Training.Rows,
            ["packed_rows"] = options.Packing ? inputs.Rows.Count : null,
            ["padding"] = Math.Round(inputs.Rows.Empty, 4),
            ["eval_rows"] = inputs.HeldOut?.Rows,
            ["device"] = device.Name,
            ["products"] = device is IlgpuDevice card ? card.ProductLibraryIn(options.Precision) ?? "own" : null,
            ["versions"] = new Dictionary<string, object?>
            {
                ["ist"] = CommandLine.Version,
                ["dotnet"] = Environment.Version.ToString(),
                ["os"] = RuntimeInformation.OSDescription,
                ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            },
            ["planned_bytes"] = Enum.GetValues<MemoryKind>().ToDictionary(kind => FinetuneReport.NameOf(kind).Replace(' ', '_'), kind => (object?)plan[kind]),
            ["runtime_bytes"] = device is CpuDevice cpu ? HostMemory.RuntimeBytes(cpu.Threads) : null,
        };
    }

    /// <summary>Tells what the run has taken of what it planned: all but the base weights.</summary>
    public void Took(long arenaBytes) => _record["arena_bytes"] = arenaBytes;

    /// <summary>Writes the file.</summary>
    /// <exception cref="Runtime.RunException">It can't be written.</exception>
    public void Write(string folder, string status, int stepsDone, EvaluationResult? first, EvaluationResult? last, double seconds)
    {
        using Process process = Process.GetCurrentProcess();
        _record["status"] = status;
        _record["steps_done"] = stepsDone;
        _record["eval_loss_before"] = first?.Loss;
        _record["eval_loss_after"] = last?.Loss;
        if (last?.Accuracy is double accuracy)
            (_record["eval_accuracy_before"], _record["eval_accuracy_after"]) = (first?.Accuracy, accuracy);
        _record["seconds"] = Math.Round(seconds, 3);
        _record["peak_bytes"] = process.PeakWorkingSet64;
        AtomicFile.WriteAllText(Path.Combine(folder, FileName), PythonJson.Dumps(_record) + "\n");
    }

    // What stands before a layer's number in the names of its modules, as peft's layers_pattern: "layers", "h", "layer".
    private static string? LayersPattern(IReadOnlyList<SlotEntry> slots) => slots.FirstOrDefault(slot => slot.Layer >= 0)?.Module.Split('.') is { } names
        && Array.FindIndex(names, name => int.TryParse(name, CultureInfo.InvariantCulture, out _)) is > 0 and int number ? names[number - 1] : null;

    /// <summary>What a resumed run must have in common with the one that it goes on with, beside its numbers.</summary>
    public static Dictionary<string, object?> Identity(FinetuneOptions options, FinetuneInputs inputs)
    {
        Dictionary<string, object?> config = Config(options, inputs);
        string[] keys =
        [
            "method", "init", "rank", "alpha", "dropout", "bias", "bottleneck_size", "reduction_factor", "non_linearity", "scaling", "use_parallel_adapter",
            "use_adapterp", "num_virtual_tokens", "prefix_projection", "encoder_hidden_size", "prompt_tuning_init", "prompt_tuning_init_text",
            "sparse", "active_layers", "train_on_prompt", "eval_fraction",
        ];
        var identity = keys.ToDictionary(key => key, key => config[key]);
        identity["target"] = config["target"] is IEnumerable<string> names ? string.Join(",", names.Order(StringComparer.Ordinal)) : null;
        identity["modules_to_save"] = config["modules_to_save"] is IEnumerable<string> saved ? string.Join(",", saved.Order(StringComparer.Ordinal)) : null;
        identity["model_hash"] = inputs.ModelHash;
        identity["data_hash"] = inputs.DataHash;
        identity["eval_data_hash"] = inputs.EvalDataHash;
        return identity;
    }

    private static Dictionary<string, object?> Config(FinetuneOptions options, FinetuneInputs inputs)
    {
        LoraAdapterConfig? lora = (inputs.Loaded.Peft as LoraOptions)?.Config;
        VeraConfig? vera = (inputs.Loaded.Peft as VeraOptions)?.Config;
        PrefixConfig? prefix = (inputs.Loaded.Peft as PrefixOptions)?.Config;
        PromptConfig? prompt = (inputs.Loaded.Peft as PromptOptions)?.Config;
        BranchAdapterConfig? hub = (inputs.Loaded.Peft as BranchAdapterOptions)?.Config;
        ModuleSelector? targets = inputs.Loaded.Peft.TargetModules;
        return new Dictionary<string, object?>(options.Selection.ToConfig(inputs.Policy))
        {
            ["model"] = options.Model,
            ["data"] = options.Data,
            ["output"] = options.Output,
            ["eval_data"] = options.EvalData,
            ["eval_fraction"] = options.EvalFraction,
            ["method"] = options.Method.ToString().ToLowerInvariant(),
            ["init"] = options.BeginsAtRandom ? "random" : "checkpoint",
            ["rank"] = lora?.R ?? vera?.R,
            ["alpha"] = lora?.LoraAlpha,
            ["dropout"] = lora?.LoraDropout ?? vera?.VeraDropout ?? (inputs.Loaded.Peft as BottleneckOptions)?.Config.AdapterDropout ?? hub?.Dropout,
            ["target"] = targets is null ? null : targets == ModuleSelector.AllLinear ? ["all-linear"] : (string[])[.. targets.Names],
            ["num_virtual_tokens"] = inputs.Loaded.Peft.VirtualTokens.Count is > 0 and int count ? count : null,
            ["prefix_projection"] = prefix?.PrefixProjection,
            ["encoder_hidden_size"] = prefix is { PrefixProjection: true } ? prefix.EncoderHiddenSize : null,
            ["prompt_tuning_init"] = prompt?.Init switch { null => null, PromptInit.Text => "TEXT", PromptInit.SampleVocab => "SAMPLE_VOCAB", _ => "RANDOM" },
            ["prompt_tuning_init_text"] = prompt?.InitText,
            ["bias"] = (lora?.Bias ?? vera?.Bias) switch { null => null, BiasTraining.Adapted => vera is null ? "lora_only" : "vera_only", var bias => bias.ToString()!.ToLowerInvariant() },
            ["bottleneck_size"] = (inputs.Loaded.Peft as BottleneckOptions)?.Config.BottleneckSize,
            ["reduction_factor"] = hub?.ReductionFactor,
            ["non_linearity"] = (inputs.Loaded.Peft as BottleneckOptions)?.Config.NonLinearity ?? hub?.NonLinearity,
            ["scaling"] = (inputs.Loaded.Peft as BottleneckOptions)?.Config.Scaling ?? hub?.Scaling,
            ["use_parallel_adapter"] = options.Adapter.IsParallel ? true : null,
            ["use_adapterp"] = options.Adapter.IsAdapterP ? true : null,
            ["modules_to_save"] = options.ModulesToSave.Names.IsEmpty ? null : (string[])[.. options.ModulesToSave.Names],
            ["steps"] = inputs.Numbers.Steps,
            ["epochs"] = null,
            ["batch_size"] = options.BatchSize,
            ["micro_batch_size"] = options.MicroBatchSize,
            ["max_length"] = inputs.MaxLength,
            ["packing"] = options.Packing,
            ["gradient_checkpointing"] = options.GradientCheckpointing,
            ["pack_weights"] = options.PackWeights,
            ["lr"] = options.LearningRate,
            ["schedule"] = options.Schedule.ToString().ToLowerInvariant(),
            ["warmup_steps"] = options.WarmupSteps,
            ["weight_decay"] = options.WeightDecay,
            ["max_grad_norm"] = options.MaxGradNorm,
            ["eval_every"] = options.EvalEvery == 0 ? null : options.EvalEvery,
            ["save_every"] = options.SaveEvery == 0 ? null : options.SaveEvery,
            ["log"] = options.LogsToTensorBoard ? "tensorboard" : null,
            ["threads"] = options.Threads == 0 ? null : options.Threads,
            ["seed"] = Seed(options.Seed),
            ["data_seed"] = Seed(options.DataSeed),
            ["device"] = options.Device.Word,
            ["precision"] = options.Precision.ToName(),
            ["products"] = options.Products.ToString().ToLowerInvariant(),
            ["train_on_prompt"] = options.TrainsOnPrompt,
            ["task"] = options.Tasks.Count == 0 ? null : options.Tasks.Select(choice => choice.Task),
            ["task_data"] = options.Tasks.Count == 0 ? null : options.Tasks.Select(choice => choice.Data),
            ["sample_prompt"] = options.SamplePrompt,
        };
    }

    // As text: JSON's readers keep only 53 bits of a number.
    private static object? Seed(ulong? seed) => seed <= 1UL << 53 ? (long)seed : seed?.ToString(CultureInfo.InvariantCulture);
}
