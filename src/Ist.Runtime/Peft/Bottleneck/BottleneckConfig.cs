using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;

namespace Ist.Runtime.Peft;

/// <summary>
/// The BOTTLENECK <c>adapter_config.json</c> of LLM-Adapters (Hu et al., arXiv 2304.01933), a fork of peft 0.3: the fields that Ist
/// computes with, under the fork's names. Source: the fork's <c>tuners/bottleneck.py</c>. peft itself knows no such type. The fork keeps
/// the tensors in a pickle, <c>adapter_model.bin</c>; here they are written to <c>adapter_model.safetensors</c> under the same keys.
/// </summary>
public sealed record BottleneckConfig
{
    private static readonly string[] _known =
    [
        "adapter_dropout", "base_model_name_or_path", "bias", "bottleneck_size", "inference_mode", "init_weights", "modules_to_save",
        "non_linearity", "peft_type", "scaling", "target_modules", "task_type", "use_adapterp", "use_parallel_adapter",
    ];

    /// <summary><c>base_model_name_or_path</c>.</summary>
    public string? BaseModelNameOrPath { get; init; }

    /// <summary><c>task_type</c>, such as <c>CAUSAL_LM</c>.</summary>
    public string? TaskType { get; init; }

    /// <summary><c>target_modules</c>: what gets an adapter.</summary>
    public required ModuleSelector TargetModules { get; init; }

    /// <summary><c>bottleneck_size</c>: elements of a row in the middle of the adapter.</summary>
    public int BottleneckSize { get; init; } = 256;

    /// <summary><c>non_linearity</c>: the name of f, as transformers has it.</summary>
    public string NonLinearity { get; init; } = "tanh";

    /// <summary><c>adapter_dropout</c>: the probability, in [0, 1), with which an element of the adapter's input is dropped.</summary>
    public double AdapterDropout { get; init; }

    /// <summary><c>scaling</c>: the factor of the adapter's output; null for <c>learned</c>, which begins as 1.</summary>
    public double? Scaling { get; init; } = 1;

    /// <summary><c>use_parallel_adapter</c>: adapters stand beside their modules, not before or after them.</summary>
    public bool UseParallelAdapter { get; init; }

    /// <summary><c>use_adapterp</c>: by default only the last module of the feed-forward network is a target, as Pfeiffer has it.</summary>
    public bool UseAdapterP { get; init; }

    /// <summary><c>init_weights</c>: <c>mam_adapter</c>, which begins as nothing, or <c>bert</c>, normal with deviation 0.02.</summary>
    public string InitWeights { get; init; } = "mam_adapter";

    /// <summary><c>modules_to_save</c>: modules that are trained whole, as copies in the adapter.</summary>
    public ModulesToSave ModulesToSave { get; init; } = ModulesToSave.None;

    /// <summary>The key of an adapter's tensor in <c>adapter_model.safetensors</c>: <c>adapter_down.weight</c>, <c>adapter_up.weight</c>, <c>adapter_scaling</c>.</summary>
    public static string Key(string module, string tensor) => $"base_model.model.{module}.{tensor}";

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The file.</param>
    /// <param name="warnings">One line for each field that is unknown and ignored.</param>
    /// <exception cref="InputException">It isn't BOTTLENECK, a value is wrong, or a field that Ist doesn't support would change what is computed.</exception>
    public static BottleneckConfig Parse(JsonConfig json, out IReadOnlyList<string> warnings)
    {
        AdapterConfigFields.RequireType(json, "BOTTLENECK");
        if (json.GetString("bias", "none") is var bias and not "none")
            throw json.Fault("bias", $"is {OneLine.Quote(bias)}, only 'none' is supported; train the adapter without biases");
        warnings = AdapterConfigFields.Unknown(json, _known);
        return new BottleneckConfig
        {
            BaseModelNameOrPath = json.GetStringOrNull("base_model_name_or_path"),
            TaskType = json.GetStringOrNull("task_type"),
            TargetModules = AdapterConfigFields.Targets(json),
            BottleneckSize = json.GetInt("bottleneck_size", 256) is var size and > 0 ? size : throw json.Fault("bottleneck_size", "is less than 1"),
            NonLinearity = AdapterConfigFields.Function(json, "non_linearity", "tanh"),
            AdapterDropout = AdapterConfigFields.Probability(json, "adapter_dropout"),
            Scaling = AdapterConfigFields.NumberOrLearned(json, "scaling"),
            UseParallelAdapter = json.GetBool("use_parallel_adapter", false),
            UseAdapterP = json.GetBool("use_adapterp", false),
            InitWeights = json.GetString("init_weights", "bert") is var init and ("bert" or "mam_adapter")
                ? init
                : throw json.Fault("init_weights", $"is {OneLine.Quote(json.GetString("init_weights"))}, expected mam_adapter or bert"),
            ModulesToSave = ModulesToSave.Read(json),
        };
    }

    /// <summary>The text of <c>adapter_config.json</c> with the fork's fields, keys and modules sorted, <c>inference_mode</c> true.</summary>
    public string ToJson() => PythonJson.Dumps(new Dictionary<string, object?>
    {
        ["adapter_dropout"] = AdapterDropout,
        ["base_model_name_or_path"] = BaseModelNameOrPath,
        ["bias"] = "none",
        ["bottleneck_size"] = BottleneckSize,
        ["inference_mode"] = true,
        ["init_weights"] = InitWeights,
        ["modules_to_save"] = ModulesToSave.ToJsonValue(),
        ["non_linearity"] = NonLinearity,
        ["peft_type"] = "BOTTLENECK",
        ["scaling"] = Scaling is double scaling ? scaling : "learned",
        ["target_modules"] = TargetModules.ToJsonValue(),
        ["task_type"] = TaskType,
        ["use_adapterp"] = UseAdapterP,
        ["use_parallel_adapter"] = UseParallelAdapter,
    });
}
