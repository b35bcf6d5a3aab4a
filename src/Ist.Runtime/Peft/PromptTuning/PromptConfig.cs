using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>
/// peft's PROMPT_TUNING <c>adapter_config.json</c>, under peft's names. Source: peft 0.17 <c>tuners/prompt_tuning/config.py</c>.
/// </summary>
public sealed record PromptConfig
{
    private static readonly string[] _known =
    [
        "auto_mapping", "base_model_name_or_path", "inference_mode", "modules_to_save", "num_attention_heads", "num_layers", "num_transformer_submodules",
        "num_virtual_tokens", "peft_type", "peft_version", "prompt_tuning_init", "prompt_tuning_init_text", "revision", "task_type", "token_dim",
        "tokenizer_kwargs", "tokenizer_name_or_path",
    ];

    /// <summary>The key of the virtual tokens in <c>adapter_model.safetensors</c>, [virtual tokens, token_dim].</summary>
    public const string Key = PromptLearningConfig.VirtualTokensKey;

    /// <summary>What the settings say of any prompt learning method.</summary>
    public required PromptLearningConfig Shared { get; init; }

    /// <summary><c>prompt_tuning_init</c>.</summary>
    public PromptInit Init { get; init; }

    /// <summary><c>prompt_tuning_init_text</c>.</summary>
    public string? InitText { get; init; }

    /// <summary><c>tokenizer_name_or_path</c>, which that text was read with.</summary>
    public string? TokenizerNameOrPath { get; init; }

    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The file.</param>
    /// <param name="warnings">One line for each field that is unknown and ignored.</param>
    /// <exception cref="InputException">It isn't PROMPT_TUNING, a value is wrong.</exception>
    public static PromptConfig Parse(JsonConfig json, out IReadOnlyList<string> warnings)
    {
        AdapterConfigFields.RequireType(json, "PROMPT_TUNING");
        warnings = AdapterConfigFields.Unknown(json, _known);
        return new PromptConfig
        {
            Shared = PromptLearningConfig.Parse(json),
            Init = json.GetString("prompt_tuning_init", "RANDOM") switch
            {
                "RANDOM" => PromptInit.Random,
                "SAMPLE_VOCAB" => PromptInit.SampleVocab,
                "TEXT" => PromptInit.Text,
                var other => throw json.Fault("prompt_tuning_init", $"is {OneLine.Quote(other)}, expected \"RANDOM\", \"SAMPLE_VOCAB\" or \"TEXT\""),
            },
            InitText = json.GetStringOrNull("prompt_tuning_init_text"),
            TokenizerNameOrPath = json.GetStringOrNull("tokenizer_name_or_path"),
        };
    }

    /// <summary>The text of <c>adapter_config.json</c> as peft 0.17 writes it: all its fields, keys sorted, <c>inference_mode</c> true.</summary>
    public string ToJson()
    {
        Dictionary<string, object?> fields = Shared.ToFields("PROMPT_TUNING");
        fields["prompt_tuning_init"] = Init switch { PromptInit.Text => "TEXT", PromptInit.SampleVocab => "SAMPLE_VOCAB", _ => "RANDOM" };
        fields["prompt_tuning_init_text"] = InitText;
        fields["tokenizer_kwargs"] = null;
        fields["tokenizer_name_or_path"] = TokenizerNameOrPath;
        return PythonJson.Dumps(fields);
    }
}
