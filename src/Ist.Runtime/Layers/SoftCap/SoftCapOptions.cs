namespace Ist.Runtime.Layers;

/// <summary>The bound of a model's logits.</summary>
/// <param name="Cap">Logits stay within ±cap (<c>final_logit_softcapping</c>); null where they are left as they are.</param>
public sealed record SoftCapOptions(float? Cap);
