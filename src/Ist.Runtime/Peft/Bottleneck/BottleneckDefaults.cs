namespace Ist.Runtime.Peft;

/// <summary>
/// Which modules LLM-Adapters adapts unless it is told, and where an adapter stands in each. Source: its <c>utils/other.py</c>
/// (<c>…_TO_BOTTLENECK_…</c>, <c>…_TO_ADAPTERP_…</c>, <c>…_TO_PARALLEL_ADAPTER_TARGET_MODULES_MAPPING</c>) and
/// <c>tuners/bottleneck.py</c> (<c>TRANSFORMERS_MODELS_TO_ADAPTER_TYPE_MAPPING</c>) for LLaMA, BLOOM, GPT-J and OPT; families whose
/// modules bear the same names are taken likewise.
/// </summary>
public static class BottleneckDefaults
{
    /// <summary><c>target_modules</c> of a family, by its <c>model_type</c>; null where they must be named.</summary>
    /// <param name="modelType">The family.</param>
    /// <param name="parallel"><c>use_parallel_adapter</c>.</param>
    /// <param name="adapterP"><c>use_adapterp</c>.</param>
    public static IReadOnlyList<string>? Of(string modelType, bool parallel, bool adapterP) => (modelType, parallel, adapterP) switch
    {
        ("llama" or "mistral" or "gemma" or "gemma2" or "qwen2" or "qwen3", true, _) => ["q_proj", "k_proj", "v_proj"],
        ("llama" or "mistral" or "gemma" or "gemma2" or "qwen2" or "qwen3", false, true) => ["down_proj"],
        ("llama" or "mistral" or "gemma" or "gemma2" or "qwen2" or "qwen3", false, false) => ["gate_proj", "up_proj", "down_proj"],
        ("bloom" or "gpt_neox", true, _) => ["query_key_value"],
        ("bloom" or "gpt_neox", false, true) => ["dense_4h_to_h"],
        ("bloom" or "gpt_neox", false, false) => ["dense_h_to_4h", "dense_4h_to_h"],
        ("gptj" or "opt", true, _) => ["q_proj", "k_proj", "v_proj"],
        ("gptj", false, true) => ["fc_out"],
        ("gptj", false, false) => ["fc_in", "fc_out"],
        ("opt", false, true) => ["fc2"],
        ("opt", false, false) => ["fc1", "fc2"],
        _ => null,
    };

    /// <summary>Where a series adapter stands in a module, by the module's whole name; null where LLM-Adapters has no place for one.</summary>
    public static BottleneckPlace? PlaceOf(string module) => module[(module.LastIndexOf('.') + 1)..] switch
    {
        "gate_proj" or "up_proj" or "gate_up_proj" or "dense_h_to_4h" or "fc_in" or "fc1" or "c_fc" => BottleneckPlace.Before,
        "down_proj" or "dense_4h_to_h" or "fc_out" or "fc2" or "c_proj" => BottleneckPlace.After,
        _ => null,
    };
}
