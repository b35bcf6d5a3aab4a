using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>
/// The modules that (IA)3 adapts unless it is told which. Source: peft 0.17 <c>utils/constants.py</c>
/// (<c>TRANSFORMERS_MODELS_TO_IA3_TARGET_MODULES_MAPPING</c> and <c>…_FEEDFORWARD_MODULES_MAPPING</c>).
/// </summary>
/// <param name="TargetModules"><c>target_modules</c>.</param>
/// <param name="FeedforwardModules"><c>feedforward_modules</c>.</param>
public sealed record Ia3Defaults(IReadOnlyList<string> TargetModules, IReadOnlyList<string> FeedforwardModules)
{
    /// <summary>Those of a family, by its <c>model_type</c>; null where peft has none and they must be named.</summary>
    public static Ia3Defaults? Of(string modelType) => modelType switch
    {
        "llama" or "mistral" => new(["k_proj", "v_proj", "down_proj"], ["down_proj"]),
        "gemma" or "gemma2" or "qwen2" => new(["q_proj", "v_proj", "down_proj"], ["down_proj"]),
        "mixtral" => new(["k_proj", "v_proj", "w2"], ["w2"]),
        "gpt2" => new(["c_attn", "mlp.c_proj"], ["mlp.c_proj"]),
        "gptj" => new(["q_proj", "v_proj", "fc_out"], ["fc_out"]),
        "gpt_neox" => new(["query_key_value", "dense_4h_to_h"], ["dense_4h_to_h"]),
        "bloom" => new(["query_key_value", "mlp.dense_4h_to_h"], ["mlp.dense_4h_to_h"]),
        "opt" => new(["q_proj", "k_proj", "fc2"], ["fc2"]),
        "bert" or "roberta" => new(["key", "value", "output.dense"], ["output.dense"]),
        _ => null,
    };

    /// <summary>Of targets that someone chose, those that are scaled at their input: what ends in the name of a feed-forward module.</summary>
    public ModuleSelector FeedforwardOf(ModuleSelector targets) => ModuleSelector.OfNames(ReferenceEquals(targets, ModuleSelector.AllLinear)
        ? FeedforwardModules
        : targets.Names.Where(target => FeedforwardModules.Any(name => ModuleSelector.Matches(name, target))));
}
