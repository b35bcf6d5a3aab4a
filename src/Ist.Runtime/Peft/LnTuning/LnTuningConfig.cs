using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>
/// peft's LN_TUNING <c>adapter_config.json</c>: the fields that Ist computes with, under peft's names.
/// Source: peft 0.17 <c>tuners/ln_tuning/config.py</c>.
/// </summary>
public sealed record LnTuningConfig
{
    private static readonly string[] _known =
    [
        "auto_mapping", "base_model_name_or_path", "exclude_modules", "inference_mode", "modules_to_save", "peft_type", "peft_version",
        "revision", "target_modules", "task_type",
    ];

    /// <summary><c>base_model_name_or_path</c>.</summary>
    public string? BaseModelNameOrPath { get; init; }

    /// <summary><c>revision</c> of the base model.</summary>
    public string? Revision { get; init; }

    /// <summary><c>task_type</c>, such as <c>CAUSAL_LM</c>.</summary>
    public string? TaskType { get; init; }

    /// <summary><c>target_modules</c>: the norms that are trained.</summary>
    public required ModuleSelector TargetModules { get; init; }

    /// <summary><c>exclude_modules</c>: what is not trained all the same.</summary>
    public ModuleSelector? ExcludeModules { get; init; }

    /// <summary><c>modules_to_save</c>: other modules that are trained whole.</summary>
    public ModulesToSave ModulesToSave { get; init; } = ModulesToSave.None;

    /// <summary>The key of a norm's tensor in <c>adapter_model.safetensors</c>.</summary>
    public static string Key(string module, string tensor) => $"base_model.model.{module}.ln_tuning_layers.{tensor}";

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The file.</param>
    /// <param name="warnings">One line for each field that is unknown and ignored.</param>
    /// <exception cref="InputException">It isn't LN_TUNING, or a value is wrong.</exception>
    public static LnTuningConfig Parse(JsonConfig json, out IReadOnlyList<string> warnings)
    {
        AdapterConfigFields.RequireType(json, "LN_TUNING");
        warnings = AdapterConfigFields.Unknown(json, _known);
        ModuleSelector targets = AdapterConfigFields.Targets(json);
        return targets != ModuleSelector.AllLinear
            ? new LnTuningConfig
            {
                BaseModelNameOrPath = json.GetStringOrNull("base_model_name_or_path"),
                Revision = json.GetStringOrNull("revision"),
                TaskType = json.GetStringOrNull("task_type"),
                TargetModules = targets,
                ExcludeModules = AdapterConfigFields.Excluded(json),
                ModulesToSave = ModulesToSave.Read(json),
            }
            : throw json.Fault("target_modules", "is 'all-linear', but this method trains norms; name them");
    }

    /// <summary>
    /// The text of <c>adapter_config.json</c> as peft 0.17 writes it: all its fields, keys and modules sorted,
    /// <c>inference_mode</c> true.
    /// </summary>
    public string ToJson() => PythonJson.Dumps(new Dictionary<string, object?>
    {
        ["auto_mapping"] = null,
        ["base_model_name_or_path"] = BaseModelNameOrPath,
        ["exclude_modules"] = ExcludeModules?.ToJsonValue(),
        ["inference_mode"] = true,
        ["modules_to_save"] = ModulesToSave.ToJsonValue(),
        ["peft_type"] = "LN_TUNING",
        ["revision"] = Revision,
        ["target_modules"] = TargetModules.ToJsonValue(),
        ["task_type"] = TaskType,
    });
}
