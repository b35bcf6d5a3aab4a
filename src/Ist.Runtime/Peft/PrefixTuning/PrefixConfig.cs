using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>
/// peft's PREFIX_TUNING <c>adapter_config.json</c>, under peft's names. Source: peft 0.17 <c>tuners/prefix_tuning/config.py</c>.
/// </summary>
public sealed record PrefixConfig
{
    private static readonly string[] _known =
    [
        "auto_mapping", "base_model_name_or_path", "encoder_hidden_size", "inference_mode", "modules_to_save", "num_attention_heads", "num_layers",
        "num_transformer_submodules", "num_virtual_tokens", "peft_type", "peft_version", "prefix_projection", "revision", "task_type", "token_dim",
    ];

    /// <summary>The key of the whole prefix in <c>adapter_model.safetensors</c>, [virtual tokens, layers x 2 x token_dim].</summary>
    public const string Key = PromptLearningConfig.VirtualTokensKey;

    /// <summary>What the settings say of any prompt learning method.</summary>
    public required PromptLearningConfig Shared { get; init; }

    /// <summary><c>prefix_projection</c>: whether a network makes the prefix of smaller vectors while it is trained.</summary>
    public bool PrefixProjection { get; init; }

    /// <summary><c>encoder_hidden_size</c> of that network; null for <c>token_dim</c>.</summary>
    public int? EncoderHiddenSize { get; init; }

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The file.</param>
    /// <param name="warnings">One line for each field that is unknown and ignored.</param>
    /// <exception cref="InputException">It isn't PREFIX_TUNING, a value is wrong.</exception>
    public static PrefixConfig Parse(JsonConfig json, out IReadOnlyList<string> warnings)
    {
        AdapterConfigFields.RequireType(json, "PREFIX_TUNING");
        warnings = AdapterConfigFields.Unknown(json, _known);
        return new PrefixConfig
        {
            Shared = PromptLearningConfig.Parse(json),
            PrefixProjection = json.GetBool("prefix_projection", false),
            EncoderHiddenSize = PromptLearningConfig.CountOrNull(json, "encoder_hidden_size"),
        };
    }

    /// <summary>The text of <c>adapter_config.json</c> as peft 0.17 writes it: all its fields, keys sorted, <c>inference_mode</c> true.</summary>
    public string ToJson()
    {
        Dictionary<string, object?> fields = Shared.ToFields("PREFIX_TUNING");
        fields["encoder_hidden_size"] = EncoderHiddenSize;
        fields["prefix_projection"] = PrefixProjection;
        return PythonJson.Dumps(fields);
    }
}
