using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>
/// What peft's <c>adapter_config.json</c> says of every method with virtual tokens, under peft's names. Source: peft 0.17
/// <c>config.py</c>, <c>PromptLearningConfig</c>.
/// </summary>
public sealed record PromptLearningConfig
{
    /// <summary><c>base_model_name_or_path</c>.</summary>
    public string? BaseModelNameOrPath { get; init; }

    /// <summary><c>revision</c> of the base model.</summary>
    public string? Revision { get; init; }

    /// <summary><c>task_type</c>, such as <c>CAUSAL_LM</c>.</summary>
    public string? TaskType { get; init; }

    /// <summary><c>num_virtual_tokens</c>.</summary>
    public required int NumVirtualTokens { get; init; }

    /// <summary><c>token_dim</c>: elements of a virtual token, or of its keys in a layer; null for the model's.</summary>
    public int? TokenDim { get; init; }

    /// <summary><c>num_layers</c>; null for the model's.</summary>
    public int? NumLayers { get; init; }

    /// <summary><c>num_attention_heads</c>; null for the model's.</summary>
    public int? NumAttentionHeads { get; init; }

    /// <summary>The key of the virtual tokens in <c>adapter_model.safetensors</c>.</summary>
    public const string VirtualTokensKey = "prompt_embeddings";

    /// <summary><c>modules_to_save</c>: modules that are trained whole beside the virtual tokens, such as a classifier's head.</summary>
    public ModulesToSave ModulesToSave { get; init; } = ModulesToSave.None;

    /// <summary>
    /// The key of a tensor of such a module in <c>adapter_model.safetensors</c>. It has one level less than beside adapters that stand in
    /// modules, because peft leaves the base model itself as it is.
    /// </summary>
    public static string Key(string module, string tensor) => $"base_model.{module}.{tensor}";

    /// <summary>The name that a tensor of the file has among the parameters of a peft model, where an encoder makes the virtual tokens.</summary>
    public string NameInModel(string key) => key == VirtualTokensKey ? "prompt_encoder.embedding.weight" : ModulesToSave.NameInModel(key);

    /// <summary>What becomes of a tensor of the base model.</summary>
    public WeightUse Use(BaseTensor tensor) =>
        ModulesToSave.Contains(tensor.Module) ? WeightUse.Trained(Key(tensor.Module, tensor.Name)) : WeightUse.Frozen;

    /// <summary>Reads the fields.</summary>
    /// <exception cref="InputException">A number is missing or not positive, or the model is no single stack.</exception>
    public static PromptLearningConfig Parse(JsonConfig json)
    {
        if (CountOrNull(json, "num_transformer_submodules") is > 1 and int submodules)
            throw json.Fault("num_transformer_submodules", $"is {submodules}, expected 1; models of an encoder and a decoder are not supported");
        return new PromptLearningConfig
        {
            BaseModelNameOrPath = json.GetStringOrNull("base_model_name_or_path"),
            Revision = json.GetStringOrNull("revision"),
            TaskType = json.GetStringOrNull("task_type"),
            NumVirtualTokens = CountOrNull(json, "num_virtual_tokens") ?? throw json.Fault("num_virtual_tokens", "is missing or null, expected a positive number"),
            TokenDim = CountOrNull(json, "token_dim"),
            NumLayers = CountOrNull(json, "num_layers"),
            NumAttentionHeads = CountOrNull(json, "num_attention_heads"),
            ModulesToSave = ModulesToSave.Read(json),
        };
    }

    /// <summary>A positive number, or null.</summary>
    /// <exception cref="InputException">It is not positive.</exception>
    public static int? CountOrNull(JsonConfig json, string key)
    {
        if (!json.Has(key))
            return null;
        int value = json.GetInt(key);
        return value > 0 ? value : throw json.Fault(key, $"is {value}, expected a positive number");
    }

    /// <summary>These settings for one model: what was left open is the model's.</summary>
    /// <param name="model">The model's configuration.</param>
    /// <param name="tokenDim">Elements of a virtual token in it.</param>
    /// <param name="heads">Heads that these are cut into.</param>
    /// <param name="source">Where the settings come from, for messages.</param>
    /// <exception cref="InputException">The model has other sizes, or no position is left for a text.</exception>
    public PromptLearningConfig For(ModelConfig model, int tokenDim, int heads, string source)
    {
        Require(source, "token_dim", TokenDim, tokenDim);
        Require(source, "num_attention_heads", NumAttentionHeads, heads);
        Require(source, "num_layers", NumLayers, model.Layers);
        if (NumVirtualTokens > model.MaxPositions - 2)
            throw new InputException($"{source}: num_virtual_tokens is {NumVirtualTokens}, but the model has {model.MaxPositions} positions for these and a text; give less.");
        return this with { TokenDim = tokenDim, NumAttentionHeads = heads, NumLayers = model.Layers };
    }

    /// <summary>All fields as peft writes them.</summary>
    public Dictionary<string, object?> ToFields(string peftType) => new()
    {
        ["auto_mapping"] = null,
        ["base_model_name_or_path"] = BaseModelNameOrPath,
        ["inference_mode"] = true,
        ["modules_to_save"] = ModulesToSave.ToJsonValue(),
        ["num_attention_heads"] = NumAttentionHeads,
        ["num_layers"] = NumLayers,
        ["num_transformer_submodules"] = 1,
        ["num_virtual_tokens"] = NumVirtualTokens,
        ["peft_type"] = peftType,
        ["revision"] = Revision,
        ["task_type"] = TaskType,
        ["token_dim"] = TokenDim,
    };

    private static void Require(string source, string key, int? given, int expected)
    {
        if (given is int other && other != expected)
            throw new InputException($"{source}: {key} is {other}, this model needs {expected}; the adapter is of another model");
    }
}
