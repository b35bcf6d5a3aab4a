using Ist.Runtime;
using Ist.Runtime.Checkpoints;

namespace Ist.Models;

/// <summary>Checks that a gated feed-forward network has the activation that its family's parts declare.</summary>
internal static class GateConfig
{
    /// <summary>Requires <c>hidden_act</c> to be silu, which it is where it is missing.</summary>
    /// <exception cref="InputException">It is another.</exception>
    public static void RequireSilu(JsonConfig config)
    {
        if (config.GetString("hidden_act", "silu") is var activation and not ("silu" or "swish"))
            throw config.Fault("hidden_act", $"is '{activation}', expected 'silu'; this family's feed-forward network is SwiGLU");
    }

    /// <summary>Requires a key to be gelu in the tanh approximation, which it is where it is missing. Hugging Face has three names for it.</summary>
    /// <exception cref="InputException">It is another.</exception>
    public static void RequireTanhGelu(JsonConfig config, string key)
    {
        if (config.GetString(key, "gelu_pytorch_tanh") is var activation and not ("gelu_pytorch_tanh" or "gelu_new" or "gelu_fast"))
            throw config.Fault(key, $"is '{activation}', expected 'gelu_pytorch_tanh'; this family's feed-forward network is GeGLU with that approximation");
    }
}
