using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>
/// The modules that VeRA adapts unless it is told which. Source: peft 0.17 <c>utils/constants.py</c>
/// (<c>TRANSFORMERS_MODELS_TO_VERA_TARGET_MODULES_MAPPING</c>).
/// </summary>
public static class VeraDefaults
{
    /// <summary>Those of a family: LoRA's, but for Phi's feed-forward layers.</summary>
    public static IReadOnlyList<string> Of(IModelFamily family) => family.ModelType == "phi" ? ["q_proj", "v_proj"] : family.DefaultTargets;
}
