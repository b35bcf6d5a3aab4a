namespace Ist.Runtime.Checkpoints;

/// <summary>The keys of LoRA tensors in <c>adapter_model.safetensors</c>.</summary>
public static class LoraKeys
{
    private const string Prefix = "base_model.model.";
    private const string MagnitudeSuffix = ".lora_magnitude_vector";

    /// <summary>The key of a module's A, [r, in].</summary>
    public static string A(string module) => $"{Prefix}{module}.lora_A.weight";

    /// <summary>The key of a module's B, [out, r].</summary>
    public static string B(string module) => $"{Prefix}{module}.lora_B.weight";

    /// <summary>The key of the A of an embedding, [r, ids].</summary>
    public static string EmbeddingA(string module) => $"{Prefix}{module}.lora_embedding_A";

    /// <summary>The key of the B of an embedding, [width, r].</summary>
    public static string EmbeddingB(string module) => $"{Prefix}{module}.lora_embedding_B";

    /// <summary>The key of the bias that a module's B has with <c>lora_bias</c>, [out].</summary>
    public static string BiasOfB(string module) => $"{Prefix}{module}.lora_B.bias";

    /// <summary>The key of a copy of the base model's tensor: within an adapted module peft keeps it one level deeper.</summary>
    /// <param name="module">The module.</param>
    /// <param name="tensor">The tensor's own name: <c>weight</c>, <c>bias</c>.</param>
    /// <param name="isAdapted">Whether the module has an adapter.</param>
    public static string Base(string module, string tensor, bool isAdapted) => $"{Prefix}{module}.{(isAdapted ? "base_layer." : "")}{tensor}";

    /// <summary>The key of a module's magnitude with DoRA, [out].</summary>
    public static string Magnitude(string module) => $"{Prefix}{module}{MagnitudeSuffix}";

    /// <summary>Whether a key is that of a magnitude.</summary>
    public static bool IsMagnitude(string key) => key.EndsWith(MagnitudeSuffix, StringComparison.Ordinal);
}
