using System.Collections.Immutable;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>
/// peft's VERA <c>adapter_config.json</c>: the fields that Ist computes with, under peft's names and with its defaults. There is no
/// <c>exclude_modules</c> in it. Source: peft 0.17 <c>tuners/vera/config.py</c>.
/// </summary>
public sealed record VeraConfig
{
    private static readonly string[] _known =
    [
        "auto_mapping", "base_model_name_or_path", "bias", "d_initial", "fan_in_fan_out", "inference_mode", "init_weights", "layers_pattern",
        "layers_to_transform", "modules_to_save", "peft_type", "peft_version", "projection_prng_key", "r", "revision", "save_projection",
        "target_modules", "task_type", "vera_dropout",
    ];

    /// <summary>The key of A, [r, the most inputs], in <c>adapter_model.safetensors</c>.</summary>
    public const string A = "base_model.vera_A";

    /// <summary>The key of B, [the most outputs, r].</summary>
    public const string B = "base_model.vera_B";

    /// <summary><c>base_model_name_or_path</c>.</summary>
    public string? BaseModelNameOrPath { get; init; }

    /// <summary><c>revision</c> of the base model.</summary>
    public string? Revision { get; init; }

    /// <summary><c>task_type</c>, such as <c>CAUSAL_LM</c>.</summary>
    public string? TaskType { get; init; }

    /// <summary><c>r</c>: the rank, 1 or more.</summary>
    public int R { get; init; } = 256;

    /// <summary><c>d_initial</c>: what every element of d begins with.</summary>
    public double DInitial { get; init; } = 0.1;

    /// <summary><c>projection_prng_key</c>: the seed of A and B, whatever the run's. Numbers of Ist's own generator, not of PyTorch's, follow from it.</summary>
    public int ProjectionPrngKey { get; init; }

    /// <summary><c>vera_dropout</c>: the probability, in [0, 1), with which an element of the adapter's input is dropped.</summary>
    public double VeraDropout { get; init; }

    /// <summary><c>target_modules</c>: what gets an adapter.</summary>
    public required ModuleSelector TargetModules { get; init; }

    /// <summary><c>bias</c>: which biases of the base model are trained too.</summary>
    public BiasTraining Bias { get; init; }

    /// <summary><c>modules_to_save</c>: modules that are trained whole, as copies in the adapter.</summary>
    public ModulesToSave ModulesToSave { get; init; } = ModulesToSave.None;

    /// <summary>
    /// <c>fan_in_fan_out</c>: the weights of the targets are stored [in, out]. Nothing is computed from it: the layers know how theirs
    /// are stored, and peft too corrects a wrong value.
    /// </summary>
    public bool FanInFanOut { get; init; }

    /// <summary><c>layers_to_transform</c>: the layers' indices; empty for all. Only with names in <see cref="TargetModules"/>.</summary>
    public ImmutableArray<int> LayersToTransform { get; init; } = [];

    /// <summary><c>layers_pattern</c>: names of the list that holds the layers (regular expressions); empty for any.</summary>
    public ImmutableArray<string> LayersPattern { get; init; } = [];

    /// <summary>The key of a module's d, [r].</summary>
    public static string LambdaD(string module) => $"base_model.model.{module}.vera_lambda_d";

    /// <summary>The key of a module's b, [out].</summary>
    public static string LambdaB(string module) => $"base_model.model.{module}.vera_lambda_b";

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The file.</param>
    /// <param name="warnings">One line for each field that is unknown and ignored.</param>
    /// <exception cref="InputException">It isn't VERA, a value is wrong, or the projections are not in the adapter.</exception>
    public static VeraConfig Parse(JsonConfig json, out IReadOnlyList<string> warnings)
    {
        AdapterConfigFields.RequireType(json, "VERA");
        if (!json.GetBool("save_projection", true))
        {
            throw json.Fault("save_projection", "is false, so the adapter lacks A and B, which PyTorch's random numbers alone give again; "
                + "load it in peft, set save_projection to true, and save it once more");
        }
        var config = new VeraConfig
        {
            BaseModelNameOrPath = json.GetStringOrNull("base_model_name_or_path"),
            Revision = json.GetStringOrNull("revision"),
            TaskType = json.GetStringOrNull("task_type"),
            R = AdapterConfigFields.Rank(json, "r", json.GetInt("r", 256)),
            DInitial = json.GetDouble("d_initial", 0.1),
            ProjectionPrngKey = json.GetInt("projection_prng_key", 0),
            VeraDropout = AdapterConfigFields.Probability(json, "vera_dropout"),
            TargetModules = AdapterConfigFields.Targets(json),
            Bias = json.GetString("bias", "none") switch
            {
                "none" => BiasTraining.None,
                "all" => BiasTraining.All,
                "vera_only" => BiasTraining.Adapted,
                var other => throw json.Fault("bias", $"is {OneLine.Quote(other)}, expected none, all or vera_only"),
            },
            ModulesToSave = ModulesToSave.Read(json),
            FanInFanOut = json.GetBool("fan_in_fan_out", false),
            LayersToTransform = json.GetIntOrList("layers_to_transform"),
            LayersPattern = AdapterConfigFields.LayersPattern(json),
        };
        AdapterConfigFields.CheckLayers(json, config.TargetModules, config.LayersToTransform, config.LayersPattern);
        warnings = AdapterConfigFields.Unknown(json, _known);
        return config;
    }

    /// <summary>
    /// The text of <c>adapter_config.json</c> as peft 0.17 writes it: all its fields, keys and modules sorted,
    /// <c>inference_mode</c> true.
    /// </summary>
    public string ToJson() => PythonJson.Dumps(new Dictionary<string, object?>
    {
        ["auto_mapping"] = null,
        ["base_model_name_or_path"] = BaseModelNameOrPath,
        ["bias"] = Bias switch { BiasTraining.All => "all", BiasTraining.Adapted => "vera_only", _ => "none" },
        ["d_initial"] = DInitial,
        ["fan_in_fan_out"] = FanInFanOut,
        ["inference_mode"] = true,
        ["init_weights"] = true,
        ["layers_pattern"] = LayersPattern.IsEmpty ? null : LayersPattern,
        ["layers_to_transform"] = LayersToTransform.IsEmpty ? null : LayersToTransform,
        ["modules_to_save"] = ModulesToSave.ToJsonValue(),
        ["peft_type"] = "VERA",
        ["projection_prng_key"] = ProjectionPrngKey,
        ["r"] = R,
        ["revision"] = Revision,
        ["save_projection"] = true,
        ["target_modules"] = TargetModules.ToJsonValue(),
        ["task_type"] = TaskType,
        ["vera_dropout"] = VeraDropout,
    });
}
