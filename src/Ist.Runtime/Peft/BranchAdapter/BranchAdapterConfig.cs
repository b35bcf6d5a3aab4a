using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>
/// The <c>adapter_config.json</c> of AdapterHub's <c>adapters</c> 1.2 for a bottleneck adapter behind attention and the feed-forward
/// network (its <c>BnConfig</c>): the fields that Ist computes with, under the library's names. Source: its
/// <c>methods/modeling.py</c>, <c>configuration/adapter_config.py</c>, <c>loading.py</c>.
/// </summary>
public sealed record BranchAdapterConfig
{
    /// <summary>The name of the tensors' file.</summary>
    public const string TensorFile = "adapter.safetensors";

    /// <summary>The fields that Ist has one meaning for, or none, with the values that it accepts.</summary>
    private static readonly (string Key, string[] Accepted, object? Written)[] _fixed =
    [
        ("adapter_residual_before_ln", ["false", "true"], false),
        ("cross_adapter", ["false"], false),
        ("factorized_phm_W", ["false", "true"], true),
        ("factorized_phm_rule", ["false", "true"], false),
        ("hypercomplex_nonlinearity", [], "glorot-uniform"),
        ("init_weights_seed", [], null),
        ("inv_adapter", ["null"], null),
        ("inv_adapter_reduction_factor", [], null),
        ("learn_phm", ["false", "true"], true),
        ("ln_after", ["false"], false),
        ("ln_before", ["false"], false),
        ("original_ln_after", ["true"], true),
        ("phm_bias", ["false", "true"], true),
        ("phm_c_init", [], "normal"),
        ("phm_dim", [], 4),
        ("phm_init_range", [], 0.0001),
        ("phm_layer", ["false"], false),
        ("phm_rank", [], 1),
        ("residual_before_ln", ["true"], true),
        ("shared_W_phm", ["false", "true"], false),
        ("shared_phm_rule", ["false", "true"], true),
        ("stochastic_depth", ["0", "0.0"], 0.0),
        ("use_gating", ["false"], false),
    ];

    private static readonly string[] _known =
    [
        "architecture", "dropout", "init_weights", "is_parallel", "leave_out", "mh_adapter", "non_linearity", "original_ln_before", "output_adapter",
        "reduction_factor", "scaling",
    ];

    /// <summary><c>name</c> of the adapter, which its keys have.</summary>
    public required string Name { get; init; }

    /// <summary><c>model_name</c>: the base model.</summary>
    public string? ModelName { get; init; }

    /// <summary><c>model_class</c> of the base model, such as <c>LlamaForCausalLM</c>.</summary>
    public string? ModelClass { get; init; }

    /// <summary><c>model_type</c> of the base model.</summary>
    public string? ModelType { get; init; }

    /// <summary><c>hidden_size</c> of the base model.</summary>
    public int HiddenSize { get; init; }

    /// <summary><c>mh_adapter</c>: whether there is an adapter behind each attention.</summary>
    public bool MhAdapter { get; init; }

    /// <summary><c>output_adapter</c>: whether there is one behind each feed-forward network.</summary>
    public bool OutputAdapter { get; init; } = true;

    /// <summary><c>original_ln_before</c> and <c>is_parallel</c>: what an adapter is given.</summary>
    public BranchInput Input { get; init; }

    /// <summary><c>original_ln_before</c> as it stands in the file; of a parallel adapter it means nothing.</summary>
    public bool OriginalLnBefore { get; init; }

    /// <summary><c>non_linearity</c>: the name of f, as transformers has it.</summary>
    public string NonLinearity { get; init; } = "relu";

    /// <summary><c>reduction_factor</c>: the width of the model through that in the middle of an adapter.</summary>
    public double ReductionFactor { get; init; } = 16;

    /// <summary><c>scaling</c>: the factor of an adapter's output; null for <c>learned</c>, which begins as 1.</summary>
    public double? Scaling { get; init; } = 1;

    /// <summary><c>dropout</c>: the probability, in [0, 1), with which an element of an adapter's output is dropped.</summary>
    public double Dropout { get; init; }

    /// <summary><c>leave_out</c>: the layers without adapters.</summary>
    public ImmutableArray<int> LeaveOut { get; init; } = [];

    /// <summary><c>init_weights</c>: <c>bert</c>, weights normal with deviation 0.02; <c>mam_adapter</c>, which begins as nothing; or <c>houlsby</c>, deviation 0.01.</summary>
    public string InitWeights { get; init; } = "bert";

    /// <summary>Whether a file is of this kind, and not one of peft's.</summary>
    public static bool IsOne(JsonConfig json) => !json.Has("peft_type") && json.Kind("config") == JsonValueKind.Object;

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The file.</param>
    /// <param name="warnings">One line for each field that is unknown and ignored.</param>
    /// <exception cref="InputException">A value is wrong, or a field that Ist doesn't support would change what is computed.</exception>
    public static BranchAdapterConfig Parse(JsonConfig json, out IReadOnlyList<string> warnings)
    {
        JsonConfig config = json.GetObject("config");
        if (config.Has("architecture"))
            throw config.Fault("architecture", $"is {OneLine.Quote(config.GetString("architecture"))}; of AdapterHub's methods only bottleneck adapters are supported");
        foreach ((string key, string[] accepted, _) in _fixed)
        {
            if (accepted.Length > 0 && config.Kind(key) != JsonValueKind.Undefined && config.GetRaw(key) is var raw && !accepted.Contains(raw))
                throw config.Fault(key, $"is {OneLine.Quote(raw)}, only {accepted[0]} is supported; use an adapter trained so");
        }
        bool parallel = config.GetBool("is_parallel", false), before = config.GetBool("original_ln_before", false);
        warnings = AdapterConfigFields.Unknown(config, _known, _fixed.Select(f => f.Key));
        return new BranchAdapterConfig
        {
            Name = json.GetString("name"),
            ModelName = json.GetStringOrNull("model_name"),
            ModelClass = json.GetStringOrNull("model_class"),
            ModelType = json.GetStringOrNull("model_type"),
            HiddenSize = json.GetInt("hidden_size"),
            MhAdapter = config.GetBool("mh_adapter"),
            OutputAdapter = config.GetBool("output_adapter"),
            Input = parallel ? BranchInput.Stream : before ? BranchInput.Sum : BranchInput.Output,
            OriginalLnBefore = before,
            NonLinearity = AdapterConfigFields.Function(config, "non_linearity", "relu"),
            ReductionFactor = config.GetDouble("reduction_factor") is var factor and > 0 ? factor : throw config.Fault("reduction_factor", "is not positive"),
            Scaling = AdapterConfigFields.NumberOrLearned(config, "scaling"),
            Dropout = AdapterConfigFields.Probability(config, "dropout"),
            LeaveOut = config.GetIntOrList("leave_out"),
            InitWeights = config.GetString("init_weights", "bert") is var init and ("bert" or "mam_adapter" or "houlsby")
                ? init
                : throw config.Fault("init_weights", $"is {OneLine.Quote(config.GetString("init_weights"))}, expected bert, mam_adapter or houlsby"),
        };
    }

    /// <summary>The text of <c>adapter_config.json</c> as adapters 1.2 writes it: all its fields, keys sorted.</summary>
    public string ToJson()
    {
        var config = _fixed.ToDictionary(f => f.Key, f => f.Written);
        config["dropout"] = Dropout;
        config["init_weights"] = InitWeights;
        config["is_parallel"] = Input == BranchInput.Stream;
        config["leave_out"] = LeaveOut;
        config["mh_adapter"] = MhAdapter;
        config["non_linearity"] = NonLinearity;
        config["original_ln_before"] = OriginalLnBefore;
        config["output_adapter"] = OutputAdapter;
        config["reduction_factor"] = ReductionFactor == Math.Truncate(ReductionFactor) ? (long)ReductionFactor : (object)ReductionFactor;
        config["scaling"] = Scaling is double scaling ? scaling : "learned";
        return PythonJson.Dumps(new Dictionary<string, object?>
        {
            ["config"] = config,
            ["hidden_size"] = HiddenSize,
            ["model_class"] = ModelClass,
            ["model_name"] = ModelName,
            ["model_type"] = ModelType,
            ["name"] = Name,
            ["version"] = "adapters.1.2.0",
        });
    }
}
