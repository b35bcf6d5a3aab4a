using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>
/// peft's IA3 <c>adapter_config.json</c>: the fields that Ist computes with, under peft's names.
/// Source: peft 0.17 <c>tuners/ia3/config.py</c>.
/// </summary>
public sealed record Ia3Config
{
    private static readonly string[] _known =
    [
        "auto_mapping", "base_model_name_or_path", "exclude_modules", "fan_in_fan_out", "feedforward_modules", "inference_mode",
        "init_ia3_weights", "modules_to_save", "peft_type", "peft_version", "revision", "target_modules", "task_type",
    ];

    /// <summary><c>base_model_name_or_path</c>.</summary>
    public string? BaseModelNameOrPath { get; init; }

    /// <summary><c>revision</c> of the base model.</summary>
    public string? Revision { get; init; }

    /// <summary><c>task_type</c>, such as <c>CAUSAL_LM</c>.</summary>
    public string? TaskType { get; init; }

    /// <summary><c>target_modules</c>: what gets an adapter.</summary>
    public required ModuleSelector TargetModules { get; init; }

    /// <summary><c>exclude_modules</c>: what gets none all the same.</summary>
    public ModuleSelector? ExcludeModules { get; init; }

    /// <summary><c>feedforward_modules</c>: the targets that are scaled at their input.</summary>
    public required ModuleSelector FeedforwardModules { get; init; }

    /// <summary><c>modules_to_save</c>: modules that are trained whole, as copies in the adapter.</summary>
    public ModulesToSave ModulesToSave { get; init; } = ModulesToSave.None;

    /// <summary>
    /// <c>fan_in_fan_out</c>: the weights of the targets are stored [in, out]. Nothing is computed from it: the layers know how theirs
    /// are stored, and peft too corrects a wrong value.
    /// </summary>
    public bool FanInFanOut { get; init; }

    /// <summary>The key of a module's l in <c>adapter_model.safetensors</c>, [out, 1] or in a feed-forward module [1, in].</summary>
    public static string Key(string module) => $"base_model.model.{module}.ia3_l";

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The file.</param>
    /// <param name="warnings">One line for each field that is unknown and ignored.</param>
    /// <exception cref="InputException">It isn't IA3, a value is wrong, or a field that Ist doesn't support would change what is computed.</exception>
    public static Ia3Config Parse(JsonConfig json, out IReadOnlyList<string> warnings)
    {
        AdapterConfigFields.RequireType(json, "IA3");
        ModuleSelector targets = AdapterConfigFields.Targets(json);
        if (!json.Has("feedforward_modules"))
            throw json.Fault("feedforward_modules", "is missing or null; name the target modules that are scaled at their input, or give an empty list");
        ModuleSelector feedForward = AdapterConfigFields.Selector(json, "feedforward_modules");
        string? stray = targets.Names.IsEmpty ? null : feedForward.Names.FirstOrDefault(name => !targets.Names.Contains(name));
        if (stray is not null)
            throw json.Fault("feedforward_modules", $"has '{stray}', which is not in target_modules; add it there or leave it out here");
        warnings = AdapterConfigFields.Unknown(json, _known);
        return new Ia3Config
        {
            BaseModelNameOrPath = json.GetStringOrNull("base_model_name_or_path"),
            Revision = json.GetStringOrNull("revision"),
            TaskType = json.GetStringOrNull("task_type"),
            TargetModules = targets,
            ExcludeModules = AdapterConfigFields.Excluded(json),
            FanInFanOut = json.GetBool("fan_in_fan_out", false),
            FeedforwardModules = feedForward,
            ModulesToSave = ModulesToSave.Read(json),
        };
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
        ["fan_in_fan_out"] = FanInFanOut,
        ["feedforward_modules"] = FeedforwardModules.ToJsonValue(),
        ["inference_mode"] = true,
        ["init_ia3_weights"] = true,
        ["modules_to_save"] = ModulesToSave.ToJsonValue(),
        ["peft_type"] = "IA3",
        ["revision"] = Revision,
        ["target_modules"] = TargetModules.ToJsonValue(),
        ["task_type"] = TaskType,
    });
}
