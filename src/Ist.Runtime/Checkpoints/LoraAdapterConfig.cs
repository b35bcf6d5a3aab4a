using System.Collections.Immutable;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// peft's LORA <c>adapter_config.json</c>: the fields that Ist computes with, under peft's names and with its defaults.
/// Source: peft 0.17 <c>tuners/lora/config.py</c>.
/// </summary>
public sealed record LoraAdapterConfig
{
    /// <summary><c>base_model_name_or_path</c>.</summary>
    public string? BaseModelNameOrPath { get; init; }

    /// <summary><c>revision</c> of the base model.</summary>
    public string? Revision { get; init; }

    /// <summary><c>task_type</c>, such as <c>CAUSAL_LM</c>.</summary>
    public string? TaskType { get; init; }

    /// <summary><c>r</c>: the rank, 1 or more.</summary>
    public int R { get; init; } = 8;

    /// <summary><c>lora_alpha</c>: the adapter's output is scaled by alpha / r.</summary>
    public double LoraAlpha { get; init; } = 8;

    /// <summary><c>lora_dropout</c>: the probability, in [0, 1), with which an element of the adapter's input is dropped.</summary>
    public double LoraDropout { get; init; }

    /// <summary><c>target_modules</c>: what gets an adapter.</summary>
    public required ModuleSelector TargetModules { get; init; }

    /// <summary><c>exclude_modules</c>: what gets none all the same.</summary>
    public ModuleSelector? ExcludeModules { get; init; }

    /// <summary><c>bias</c>: which biases of the base model are trained too.</summary>
    public BiasTraining Bias { get; init; }

    /// <summary><c>lora_bias</c>: B has a bias, so that the update is s (B A x + b).</summary>
    public bool LoraBias { get; init; }

    /// <summary><c>modules_to_save</c>: modules that are trained whole, as copies in the adapter.</summary>
    public ModulesToSave ModulesToSave { get; init; } = ModulesToSave.None;

    /// <summary>
    /// <c>fan_in_fan_out</c>: the weights of the targets are stored [in, out]. Nothing is computed from it: the layers know how theirs
    /// are stored, and peft too corrects a wrong value.
    /// </summary>
    public bool FanInFanOut { get; init; }

    /// <summary><c>use_rslora</c>: scale by alpha / sqrt(r).</summary>
    public bool UseRslora { get; init; }

    /// <summary><c>use_dora</c>: give each row of the weight a magnitude of its own.</summary>
    public bool UseDora { get; init; }

    /// <summary><c>init_lora_weights</c>: <c>true</c>, <c>false</c> or a method's name, such as <c>gaussian</c>.</summary>
    public string InitLoraWeights { get; init; } = "true";

    /// <summary><c>layers_to_transform</c>: the layers' indices; empty for all. Only with names in <see cref="TargetModules"/>.</summary>
    public ImmutableArray<int> LayersToTransform { get; init; } = [];

    /// <summary><c>layers_pattern</c>: names of the list that holds the layers (regular expressions); empty for any.</summary>
    public ImmutableArray<string> LayersPattern { get; init; } = [];

    /// <summary><c>rank_pattern</c>: ranks by a regular expression for the end of the name; the first that matches counts.</summary>
    public ImmutableArray<KeyValuePair<string, int>> RankPattern { get; init; } = [];

    /// <summary><c>alpha_pattern</c>: alphas by a regular expression for the end of the name; the first that matches counts.</summary>
    public ImmutableArray<KeyValuePair<string, double>> AlphaPattern { get; init; } = [];

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The file.</param>
    /// <param name="warnings">One line for each field that is unknown and ignored, or that deserves a look.</param>
    /// <exception cref="InputException">It isn't LORA, a value is wrong, or a field that Ist doesn't support would change what is computed.</exception>
    public static LoraAdapterConfig Parse(JsonConfig json, out IReadOnlyList<string> warnings) =>
        LoraAdapterConfigReader.Read(json, out warnings);

    /// <summary>
    /// The text of <c>adapter_config.json</c> as peft 0.17 writes it: all its fields, keys and target modules sorted,
    /// <c>inference_mode</c> true.
    /// </summary>
    public string ToJson() => PythonJson.Dumps(new Dictionary<string, object?>
    {
        ["alpha_pattern"] = AlphaPattern.ToDictionary(p => p.Key, p => Integral(p.Value)),
        ["auto_mapping"] = null,
        ["base_model_name_or_path"] = BaseModelNameOrPath,
        ["bias"] = Bias switch { BiasTraining.All => "all", BiasTraining.Adapted => "lora_only", _ => "none" },
        ["corda_config"] = null,
        ["eva_config"] = null,
        ["exclude_modules"] = ExcludeModules?.ToJsonValue(),
        ["fan_in_fan_out"] = FanInFanOut,
        ["inference_mode"] = true,
        ["init_lora_weights"] = bool.TryParse(InitLoraWeights, out bool initialise) ? initialise : InitLoraWeights,
        ["layer_replication"] = null,
        ["layers_pattern"] = LayersPattern.IsEmpty ? null : LayersPattern,
        ["layers_to_transform"] = LayersToTransform.IsEmpty ? null : LayersToTransform,
        ["loftq_config"] = new Dictionary<string, object?>(),
        ["lora_alpha"] = Integral(LoraAlpha),
        ["lora_bias"] = LoraBias,
        ["lora_dropout"] = LoraDropout,
        ["megatron_config"] = null,
        ["megatron_core"] = "megatron.core",
        ["modules_to_save"] = ModulesToSave.ToJsonValue(),
        ["peft_type"] = "LORA",
        ["qalora_group_size"] = 16,
        ["r"] = R,
        ["rank_pattern"] = RankPattern.ToDictionary(p => p.Key, p => (object?)p.Value),
        ["revision"] = Revision,
        ["target_modules"] = TargetModules.ToJsonValue(),
        ["target_parameters"] = null,
        ["task_type"] = TaskType,
        ["trainable_token_indices"] = null,
        ["use_dora"] = UseDora,
        ["use_qalora"] = false,
        ["use_rslora"] = UseRslora,
    });

    /// <summary>peft declares alphas as integers, but also takes fractions.</summary>
    private static object? Integral(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) < 1e15 ? (long)value : (object)value;
}
