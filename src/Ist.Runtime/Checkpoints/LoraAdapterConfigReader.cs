using System.Collections.Immutable;
using System.Text.Json;

namespace Ist.Runtime.Checkpoints;

/// <summary>Reads peft's LORA configurations: what Ist can't compute is refused by name, what it doesn't know is told.</summary>
internal static class LoraAdapterConfigReader
{
    /// <summary>Fields that change what is computed unless they are off: false, null, or an empty list or object.</summary>
    private static readonly string[] _unsupported =
    [
        "alora_invocation_tokens", "arrow_config", "ensure_weight_tying", "layer_replication", "megatron_config", "target_parameters",
        "trainable_token_indices", "use_qalora",
    ];

    /// <summary>Fields that are read, and those that matter only when an adapter is begun or trained by peft.</summary>
    private static readonly string[] _known =
    [
        "alpha_pattern", "auto_mapping", "base_model_name_or_path", "bias", "corda_config", "eva_config", "exclude_modules",
        "fan_in_fan_out", "inference_mode", "init_lora_weights", "layers_pattern", "layers_to_transform", "loftq_config", "lora_alpha",
        "lora_bias", "lora_dropout", "megatron_core", "modules_to_save", "peft_type", "peft_version", "qalora_group_size", "r",
        "rank_pattern", "revision", "runtime_config",
        "target_modules", "task_type", "use_dora", "use_rslora",
    ];

    /// <summary>Ways to begin that subtract the adapter from the base weights, which then aren't the published ones.</summary>
    private static readonly string[] _changingBase = ["pissa", "olora", "corda", "loftq"];

    /// <summary>See <see cref="LoraAdapterConfig.Parse"/>.</summary>
    public static LoraAdapterConfig Read(JsonConfig json, out IReadOnlyList<string> warnings)
    {
        AdapterConfigFields.RequireType(json, "LORA");
        AdapterConfigFields.RequireOff(json, _unsupported);

        var config = new LoraAdapterConfig
        {
            BaseModelNameOrPath = json.GetStringOrNull("base_model_name_or_path"),
            Revision = json.GetStringOrNull("revision"),
            TaskType = json.GetStringOrNull("task_type"),
            R = AdapterConfigFields.Rank(json, "r", json.GetInt("r", 8)),
            LoraAlpha = json.GetDouble("lora_alpha", 8),
            LoraDropout = AdapterConfigFields.Probability(json, "lora_dropout"),
            TargetModules = AdapterConfigFields.Targets(json),
            ExcludeModules = AdapterConfigFields.Excluded(json),
            Bias = json.GetString("bias", "none") switch
            {
                "none" => BiasTraining.None,
                "all" => BiasTraining.All,
                "lora_only" => BiasTraining.Adapted,
                var other => throw json.Fault("bias", $"is {OneLine.Quote(other)}, expected none, all or lora_only"),
            },
            LoraBias = json.GetBool("lora_bias", false),
            ModulesToSave = ModulesToSave.Read(json),
            FanInFanOut = json.GetBool("fan_in_fan_out", false),
            UseDora = json.GetBool("use_dora", false),
            UseRslora = json.GetBool("use_rslora", false),
            InitLoraWeights = Initialisation(json),
            LayersToTransform = json.GetIntOrList("layers_to_transform"),
            LayersPattern = AdapterConfigFields.LayersPattern(json),
            RankPattern = Pattern(json, "rank_pattern", (map, key) => AdapterConfigFields.Rank(map, key, map.GetInt(key))),
            AlphaPattern = Pattern(json, "alpha_pattern", (map, key) => map.GetDouble(key)),
        };
        if (config is { UseDora: true, LoraBias: true })
            throw json.Fault("lora_bias", "and use_dora are both set, which peft has no meaning for; set one of them to false");
        AdapterConfigFields.CheckLayers(json, config.TargetModules, config.LayersToTransform, config.LayersPattern);
        warnings = AdapterConfigFields.Unknown(json, _known, _unsupported);
        return config;
    }

    private static string Initialisation(JsonConfig json)
    {
        string method = json.Kind("init_lora_weights") == JsonValueKind.String
            ? json.GetString("init_lora_weights")
            : json.GetBool("init_lora_weights", true) ? "true" : "false";
        if (_changingBase.Any(m => method.StartsWith(m, StringComparison.OrdinalIgnoreCase)))
        {
            throw json.Fault("init_lora_weights", $"is {OneLine.Quote(method)}, which changes the base weights, so the adapter is right only on those; "
                + "convert it to plain LoRA with peft (path_initial_model_for_weight_conversion)");
        }
        return method;
    }

    private static ImmutableArray<KeyValuePair<string, T>> Pattern<T>(JsonConfig json, string key, Func<JsonConfig, string, T> read)
    {
        JsonConfig? map = json.GetObjectOrNull(key);
        return map is null ? [] : [.. map.Keys.Select(k => KeyValuePair.Create(k, read(map, k)))];
    }
}
