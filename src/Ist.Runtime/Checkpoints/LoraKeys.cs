namespace Ist.Runtime.Checkpoints;

/// <summary>The keys of LoRA tensors in <c>adapter_model.safetensors</c>.</summary>
public static class LoraKeys
{
    private const string Prefix = "base_model.model.";

    /// <summary>The key of a module's A, [r, in].</summary>
    public static string A(string module) => $"{Prefix}{module}.lora_A.weight";

    /// <summary>The key of a module's B, [out, r].</summary>
    public static string B(string module) => $"{Prefix}{module}.lora_B.weight";

    /// <summary>The key of a module's magnitude with DoRA, [out].</summary>
    public static string Magnitude(string module) => $"{Prefix}{module}.lora_magnitude_vector";
}
