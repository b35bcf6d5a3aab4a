namespace Ist.Runtime.Peft;

/// <summary>
/// The norms that LayerNorm tuning trains unless it is told which: every one of the families that Ist has. Source for LLaMA, Mistral,
/// Gemma, Gemma 2, GPT-2, GPT-J and BLOOM: peft 0.17 <c>utils/constants.py</c>
/// (<c>TRANSFORMERS_MODELS_TO_LNTUNING_TARGET_MODULES_MAPPING</c>). For Qwen2 peft has <c>post_attention_layernorm</c> alone; the other
/// families it lacks.
/// </summary>
public static class LnTuningDefaults
{
    /// <summary><c>target_modules</c> of a family, by its <c>model_type</c>; null where they must be named.</summary>
    public static IReadOnlyList<string>? Of(string modelType) => modelType switch
    {
        "llama" or "mistral" or "mixtral" or "gemma" or "phi3" or "qwen3" => ["input_layernorm", "post_attention_layernorm", "norm"],
        "phi" => ["input_layernorm", "final_layernorm"],
        "gemma2" => ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm", "norm"],
        "qwen2" => ["post_attention_layernorm"],
        "gpt2" => ["ln_1", "ln_2", "ln_f"],
        "gptj" => ["ln_1", "ln_f"],
        "gpt_neox" => ["input_layernorm", "post_attention_layernorm", "final_layer_norm"],
        "bloom" => ["input_layernorm", "post_attention_layernorm", "ln_f"],
        "opt" => ["self_attn_layer_norm", "final_layer_norm"],
        "bert" or "roberta" => ["LayerNorm"],
        _ => null,
    };
}
